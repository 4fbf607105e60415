"""A small Raft: one server, as Figure 2 of the Raft paper has it.

Index 1 is log[0]. An entry is a pair (term, value). The handlers are named for
the RPCs, and follow the figure line by line. There is no clock and no network:
whoever uses a Server tells it what happens, and sends what it returns.
"""

FOLLOWER, CANDIDATE, LEADER = "follower", "candidate", "leader"


class Server:
    def __init__(self, name, nodes, voters):
        self.name, self.nodes = name, nodes
        self.voters = voters  # lists of names: one, or two while the voters change
        self.term, self.voted_for, self.log = 0, None, []
        self.commit_index = 0
        self.role, self.votes = FOLLOWER, set()
        self.next_index, self.match_index = {}, {}

    # The log.

    def last_index(self):
        return len(self.log)

    def term_at(self, index):
        """The term of the entry at index, 0 before the first, None past the last."""
        if index == 0:
            return 0
        return self.log[index - 1][0] if index <= len(self.log) else None

    # RPCs: the receiver's side.

    def request_vote(self, term, candidate, last_log_index, last_log_term):
        self.see(term)
        if term < self.term:  # 1.
            return False
        if not self.vote_is_free(candidate):  # 2.
            return False
        own = (self.term_at(self.last_index()), self.last_index())
        if (last_log_term, last_log_index) < own:
            return False
        self.voted_for = candidate
        return True

    def vote_is_free(self, candidate):
        return self.voted_for in (None, candidate)

    def append_entries(self, term, prev_log_index, prev_log_term, entries, leader_commit):
        self.see(term)
        if term < self.term:  # 1.
            return False
        if self.role == CANDIDATE:
            self.become_follower()
        if prev_log_index > 0 and self.term_at(prev_log_index) != prev_log_term:  # 2.
            return False
        self.store(prev_log_index, entries)  # 3. and 4.
        if leader_commit > self.commit_index:  # 5.
            last_new = prev_log_index + len(entries)
            self.commit_index = max(self.commit_index, self.committed(leader_commit, last_new))
        return True

    def store(self, prev_log_index, entries):
        """Delete what conflicts with the new entries, and append those not there yet."""
        for i, entry in enumerate(entries, prev_log_index + 1):
            if self.term_at(i) != entry[0]:
                del self.log[i - 1:]
                self.log.append(entry)

    def committed(self, leader_commit, last_new):
        return min(leader_commit, last_new)

    # RPCs: the sender's side. Each returns whether there is something to send.

    def vote_arrived(self, voter, term, granted):
        if self.see(term) or term < self.term or self.role != CANDIDATE:
            return False
        if granted:
            self.votes.add(voter)
        return self.maybe_lead()

    def append_arrived(self, follower, term, request_term, success, match_index):
        if self.see(term) or request_term < self.term or self.role != LEADER:
            return False
        if success:
            if match_index > self.last_index():
                return False
            self.match_index[follower] = max(self.match_index[follower], match_index)
            self.next_index[follower] = self.match_index[follower] + 1
            self.advance_commit()
            return False
        if self.next_index[follower] > self.match_index[follower] + 1:
            self.next_index[follower] -= 1
        return True

    # What else happens.

    def timeout(self):
        if self.role == LEADER:
            return True
        self.term, self.voted_for = self.term + 1, self.name
        self.role, self.votes = CANDIDATE, {self.name}
        self.maybe_lead()
        return True

    def client_request(self, value):
        if self.role != LEADER:
            return False
        self.log.append((self.term, value))
        self.advance_commit()
        return True

    def step_down(self):
        self.become_follower()

    def restart(self):
        self.become_follower()
        self.commit_index = 0

    def set_voters(self, voters):
        self.voters = voters
        if self.role == LEADER:
            self.advance_commit()

    # Rules for servers.

    def see(self, term):
        """Take in a higher term; tell whether it was one."""
        if term <= self.term:
            return False
        self.term, self.voted_for = term, None
        self.become_follower()
        return True

    def become_follower(self):
        self.role, self.votes = FOLLOWER, set()
        self.next_index, self.match_index = {}, {}

    def is_majority(self, who):
        return all(2 * len(who & set(voters)) > len(voters) for voters in self.voters)

    def maybe_lead(self):
        if not self.is_majority(self.votes):
            return False
        self.role = LEADER
        others = [n for n in self.nodes if n != self.name]
        self.next_index = {n: self.last_index() + 1 for n in others}
        self.match_index = {n: 0 for n in others}
        return True

    def advance_commit(self):
        """Commit the highest index that a majority has, if it is of this term."""
        for n in range(self.last_index(), self.commit_index, -1):
            have = {self.name} | {node for node, match in self.match_index.items() if match >= n}
            if self.term_at(n) == self.term and self.is_majority(have):
                self.commit_index = n
                return

    # Requests, as arguments by Figure 2's names.

    def request_vote_arguments(self):
        last = self.last_index()
        return {"term": self.term, "candidateId": self.name, "lastLogIndex": last, "lastLogTerm": self.term_at(last)}

    def append_entries_arguments(self, to):
        prev = self.next_index[to] - 1
        return {"term": self.term, "leaderId": self.name, "prevLogIndex": prev, "prevLogTerm": self.term_at(prev),
                "entries": self.log[prev:], "leaderCommit": self.commit_index}


# Three well-known mistakes, each a change to one rule.


class AlwaysTruncates(Server):
    """Deletes everything after prevLogIndex, whether or not it conflicts."""

    def store(self, prev_log_index, entries):
        self.log[prev_log_index:] = entries


class CommitsToLogEnd(Server):
    """Takes the end of its own log for the last new entry."""

    def committed(self, leader_commit, last_new):
        return min(leader_commit, self.last_index())


class RefusesRepeatedVote(Server):
    """Refuses the candidate that has its vote already, when that asks again."""

    def vote_is_free(self, candidate):
        return self.voted_for is None


MISTAKES = {
    "always-truncate": AlwaysTruncates,
    "commit-to-log-end": CommitsToLogEnd,
    "vote-not-repeated": RefusesRepeatedVote,
}
