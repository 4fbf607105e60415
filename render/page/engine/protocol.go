package engine

import "raftsheet/render/page"

// The JSON of a request and of the replies. Lines and columns count from 1, columns in
// characters (code points).
type (
	// A Request is what the page asks. Text is the whole of what is in its editor.
	Request struct {
		Do    string   `json:"do"`              // one of those of [Engine.Answer]
		Name  string   `json:"name,omitempty"`  // what the text is called in messages
		Text  string   `json:"text"`            // of a file, one trace or several documents
		Rules []string `json:"rules,omitempty"` // in place of the text's own; none leaves those

		Page   bool   `json:"page,omitempty"`   // check: the step page's data too
		Line   int    `json:"line,omitempty"`   // complete, hover: where the caret is
		Column int    `json:"column,omitempty"` // complete, hover
		Trace  int    `json:"trace,omitempty"`  // explain, picture: by the order of Checked.Traces, from 1; 0 for the first
		Step   int    `json:"step,omitempty"`   // explain: its number, from 1
		Kind   string `json:"kind,omitempty"`   // picture: life or logs
	}

	// A Failure is the reply to what cannot be done.
	Failure struct {
		Error string `json:"error"` // what happened, and what to do
	}

	// A Checked is the reply to check.
	Checked struct {
		Problems []Problem      `json:"problems"` // by place, the first of them
		Errors   int            `json:"errors"`   // problems that are errors, listed or not
		Notes    int            `json:"notes"`    // those that are worth knowing
		Summary  string         `json:"summary"`  // what was compared, in a line
		Agrees   bool           `json:"agrees"`   // everything was read, and nothing diverges
		Traces   []TracePlaces  `json:"traces"`   // those that could be replayed, in the order of the page's
		Page     *page.Data     `json:"page,omitempty"`
		Pictures []page.Picture `json:"pictures,omitempty"` // of the page
		TooLong  string         `json:"tooLong,omitempty"`  // why there is no page
		Meant    []string       `json:"meant,omitempty"`    // with the page: what a small change would make of what cannot be read, a line each
	}

	// TracePlaces says where a trace is in the text.
	TracePlaces struct {
		Line  int   `json:"line"`
		Steps []int `json:"steps"` // the line of each
	}

	// A Problem is something to underline.
	Problem struct {
		Span
		Severity string `json:"severity"` // error or note
		Kind     string `json:"kind"`     // of a finding; malformed for what cannot be read
		Message  string `json:"message"`
		Reason   string `json:"reason,omitempty"`
		Trace    int    `json:"trace,omitempty"` // of TracePlaces, from 1; 0 for none
		Step     int    `json:"step,omitempty"`  // its number; 0 for the start
	}

	// A Span is a part of the text, its end excluded.
	Span struct {
		Line      int `json:"line"`
		Column    int `json:"column"`
		EndLine   int `json:"endLine"`
		EndColumn int `json:"endColumn"`
	}

	// Completions is the reply to complete.
	Completions struct {
		Span         // what an item replaces
		Items []Item `json:"items"`
	}

	// An Item is a word that may be written.
	Item struct {
		Label  string `json:"label"`
		Insert string `json:"insert"`
		Detail string `json:"detail,omitempty"`
	}

	// A Hover is the reply to hover. It says nothing where Head is empty.
	Hover struct {
		Span
		Head  string `json:"head"`
		Says  string `json:"says,omitempty"`
		Wrong bool   `json:"wrong,omitempty"` // whether it is about something wrong
	}

	// A Text is the reply to fill and share.
	Text struct {
		Text string `json:"text"`
		Say  string `json:"say,omitempty"` // what was done, or not
	}

	// A Shown is the reply to explain, diagnose and coverage: a part of a page, as
	// HTML without scripts and styles; to picture: an SVG picture.
	Shown struct {
		Title string `json:"title"`
		HTML  string `json:"html,omitempty"`
		SVG   string `json:"svg,omitempty"`
	}
)
