// Package server serves the playground's page to a browser on the same machine, follows
// the file that the page shows, and saves it where that is asked for.
//
// It knows HTTP and nothing of Raft: the page, and the answer to a request of the page,
// are functions that it is given, and so are the reading and the writing of the file.
//
// A page on the web can send requests to this machine too, so that nothing is answered
// to whom the page was not shown: the address has a token that nobody can guess, and
// the browser has to say that the request comes from the page itself. What is served
// loads nothing from elsewhere, is kept in no cache, and is shown in no frame.
package server
