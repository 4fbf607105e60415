"""Lets raftsheet ask the Raft in raft.py.

raftsheet run --sut 'python3 examples/adapters/python/adapter.py' examples

One JSON object comes a line; one goes back a line, with the same id.
"""

import argparse
import json
import sys

from raft import CANDIDATE, LEADER, MISTAKES, Server

KEEPS = ["term", "votedFor", "role", "log", "commitIndex", "nextIndex", "matchIndex"]
CAN = ["requestVote", "appendEntries", "requestVoteResponse", "appendEntriesResponse",
       "timeout", "clientRequest", "restart", "stepDown", "voters"]


class Adapter:
    def __init__(self, make):
        self.make = make
        self.servers = {}

    def reply(self, call):
        do = call["do"]
        if do == "hello":
            return {"name": "raft.py", "version": "1", "can": CAN, "keeps": KEEPS}
        if do == "start":
            self.start(call)
            return {}
        if do not in CAN:
            return {"cannot": "raft.py has no " + do}
        server = self.servers[call.get("to") or call["node"]]
        reply = getattr(self, do)(server, call) or {}
        reply["state"] = state(server)
        return reply

    def start(self, call):
        s = self.make(call["node"], call["nodes"], call["voters"])
        was = call["state"]
        s.term, s.voted_for, s.role = was["term"], was["votedFor"], was["role"]
        s.log = entries(was["log"])
        s.commit_index = was["commitIndex"]
        if s.role == CANDIDATE:
            s.votes = {s.name}
        if s.role == LEADER:
            s.next_index, s.match_index = was["nextIndex"], was["matchIndex"]
        self.servers[s.name] = s

    # Requests: each gives its answer.

    def requestVote(self, s, c):
        granted = s.request_vote(c["term"], c["candidateId"], c["lastLogIndex"], c["lastLogTerm"])
        return {"answer": {"term": s.term, "voteGranted": granted}}

    def appendEntries(self, s, c):
        success = s.append_entries(c["term"], c["prevLogIndex"], c["prevLogTerm"], entries(c["entries"]), c["leaderCommit"])
        return {"answer": {"term": s.term, "success": success}}

    # What else happens: what is then sent, where something is.

    def requestVoteResponse(self, s, c):
        if s.vote_arrived(c["from"], c["term"], c["voteGranted"]):
            return {"sends": appends(s, s.next_index)}

    def appendEntriesResponse(self, s, c):
        asked = c["request"]["term"] if "request" in c else c["term"]
        if s.append_arrived(c["from"], c["term"], asked, c["success"], c.get("matchIndex")):
            return {"sends": appends(s, [c["from"]])}

    def timeout(self, s, c):
        s.timeout()
        if s.role == LEADER:
            return {"sends": appends(s, s.next_index)}
        return {"sends": [{"to": n, "requestVote": s.request_vote_arguments()} for n in s.nodes if n != s.name]}

    def clientRequest(self, s, c):
        if s.client_request(c["value"]):
            return {"sends": appends(s, s.next_index)}

    def restart(self, s, c):
        disk = c.get("disk", {})
        if disk.get("term", s.term) < s.term:
            s.term, s.voted_for = disk["term"], None
        s.voted_for = disk.get("votedFor", s.voted_for)
        if "log" in disk:
            s.log = s.log[:len(disk["log"])]
        s.restart()

    def stepDown(self, s, c):
        s.step_down()

    def voters(self, s, c):
        s.set_voters(c["are"])


def entries(log):
    return [(term, value) for term, value in log]


def appends(s, to):
    return [{"to": n, "appendEntries": s.append_entries_arguments(n)} for n in to]


def state(s):
    told = {"term": s.term, "votedFor": s.voted_for, "role": s.role, "log": s.log, "commitIndex": s.commit_index}
    if s.role == LEADER:
        told["nextIndex"], told["matchIndex"] = s.next_index, s.match_index
    return told


def main():
    flags = argparse.ArgumentParser(description="Answers raftsheet's questions with the Raft in raft.py.")
    flags.add_argument("--mistake", choices=sorted(MISTAKES), help="make a well-known mistake")
    make = MISTAKES.get(flags.parse_args().mistake, Server)
    adapter = Adapter(make)
    for line in sys.stdin:
        call = json.loads(line)
        if call["do"] == "quit":
            return
        print(json.dumps({"id": call["id"], **adapter.reply(call)}), flush=True)


if __name__ == "__main__":
    main()
