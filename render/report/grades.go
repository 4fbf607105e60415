package report

import (
	"io"

	"raftsheet/check/grade"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// The JSON of grade. Its names are stable: programs read them. What is of the
// right answers (right, why) is there only where they may be shown.
type (
	gradesReport struct {
		Version  int               `json:"version"`
		Tool     gradesTool        `json:"tool"`
		Key      gradesKey         `json:"key"`
		Keys     []gradesVariant   `json:"keys,omitempty"`     // of the variants, where there are several
		Criteria []gradesCriterion `json:"criteria,omitempty"` // that a scheme asks of every sheet
		Max      grade.Points      `json:"max"`
		// and, last, submissions: a list of gradesSubmission
	}
	gradesTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	gradesKey struct {
		File    string          `json:"file"`
		Digest  string          `json:"digest"` // of the file's bytes
		Title   string          `json:"title"`
		Variant string          `json:"variant,omitempty"`
		Steps   []gradesKeyStep `json:"steps"`
	}
	gradesVariant struct {
		gradesKey
		Max grade.Points `json:"max"`
	}
	gradesKeyStep struct {
		Step         string       `json:"step"`
		Event        string       `json:"event"`
		Max          grade.Points `json:"max"`
		AllOrNothing bool         `json:"allOrNothing"`
	}
	gradesCriterion struct {
		Name  string       `json:"name"`
		Label string       `json:"label"`
		Times int          `json:"times"`
		Max   grade.Points `json:"max"`
	}
	gradesMet struct {
		gradesCriterion
		Found  int           `json:"found"`
		Steps  []string      `json:"steps"`
		Points grade.Points  `json:"points"`
		Most   *grade.Points `json:"most,omitempty"`
	}
	gradesDeduction struct {
		Step    string       `json:"step"` // empty for the initial states
		Line    int32        `json:"line"`
		Column  int32        `json:"column"`
		Points  grade.Points `json:"points"`  // taken off
		Least   grade.Points `json:"least"`   // of it, what is not in doubt
		Message string       `json:"message"` // why, where that may be revealed
		Rule    string       `json:"rule"`
		Kind    string       `json:"kind"`             // message or safety
		GoesOn  string       `json:"goesOn,omitempty"` // the step that it goes on from, for which it costs nothing
	}
	gradesSubmission struct {
		Student    gradesStudent     `json:"student"`
		File       string            `json:"file"`
		Digest     string            `json:"digest"`            // of its bytes, empty where it was not opened
		Variant    string            `json:"variant,omitempty"` // whose key it is marked against, where there are several
		Max        *grade.Points     `json:"max,omitempty"`     // of that key
		Outcome    string            `json:"outcome"`
		Reason     string            `json:"reason"` // of all but marked
		Late       bool              `json:"late"`
		Errors     []jsonError       `json:"errors"`
		Mends      []gradesMend      `json:"mends,omitempty"` // the slips that were set right to read it
		Lost       []gradesLost      `json:"lost,omitempty"`  // the lines that could not be read whatever was tried
		Totals     *gradesTotals     `json:"totals"`          // null where there is no mark: that is not 0
		Hand       *gradesHand       `json:"hand,omitempty"`  // of byHand
		Steps      []gradesStep      `json:"steps"`
		Marks      []gradesMark      `json:"marks"`
		Remarks    []gradesRemark    `json:"remarks"`
		Open       []gradesRemark    `json:"open,omitempty"` // of a game: what is not marked
		Stops      []gradesStop      `json:"stops"`
		ForHuman   []gradesForHuman  `json:"forHuman"`
		Criteria   []gradesMet       `json:"criteria,omitempty"`
		Deductions []gradesDeduction `json:"deductions,omitempty"`
		Diagnosis  *gradesDiagnosis  `json:"diagnosis"` // null where none was asked for
	}
	gradesMend struct {
		Line    int    `json:"line"`
		Message string `json:"message"`
		Moves   bool   `json:"moves"` // the value could belong elsewhere
	}
	gradesLost struct {
		Line    int    `json:"line"`
		EndLine int    `json:"endLine"`
		Message string `json:"message"`
	}
	gradesHand struct {
		By     string        `json:"by"` // the decision's place: file:line:column
		Points *grade.Points `json:"points,omitempty"`
		Read   string        `json:"read,omitempty"` // what an instructor read
		Note   string        `json:"note,omitempty"`
	}
	gradesStudent struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	gradesTotals struct {
		Strict        grade.Points  `json:"strict"`
		FollowThrough grade.Points  `json:"followThrough"`
		Counted       grade.Points  `json:"counted"`
		Most          *grade.Points `json:"most,omitempty"` // counted, if all that is to review is given its points
		Penalty       grade.Points  `json:"penalty"`
	}
	gradesStep struct {
		Step          string        `json:"step"`
		Strict        grade.Points  `json:"strict"`
		FollowThrough grade.Points  `json:"followThrough"`
		Most          *grade.Points `json:"most,omitempty"`
		Max           *grade.Points `json:"max,omitempty"` // of a sheet that is its own key
	}
	gradesMark struct {
		Step    string        `json:"step"`
		Node    string        `json:"node"`
		Field   string        `json:"field"`
		Line    int32         `json:"line"` // 0 where nothing of it is on the sheet
		Column  int32         `json:"column"`
		Written any           `json:"written"`        // null where it is left blank, or cannot be read
		Text    string        `json:"text,omitempty"` // what cannot be read, as typed
		Right   any           `json:"right,omitempty"`
		Verdict string        `json:"verdict"`
		Doubt   string        `json:"doubt,omitempty"` // of forHuman
		Points  grade.Points  `json:"points"`
		Through grade.Points  `json:"through"`
		Most    *grade.Points `json:"most,omitempty"` // what an instructor can make of it
		Max     grade.Points  `json:"max"`
		Rule    string        `json:"rule"`
		Why     string        `json:"why,omitempty"`
		Remark  string        `json:"remark,omitempty"`
		Hand    *gradesHand   `json:"hand,omitempty"` // of byHand, and of what an instructor read
	}
	gradesRemark struct {
		Line       int32  `json:"line"`
		Column     int32  `json:"column"`
		Message    string `json:"message"`
		Instructor bool   `json:"instructor,omitempty"` // for the instructor alone
	}
	gradesStop struct {
		Node   string `json:"node"`
		From   int    `json:"from"`  // the ordinal of the first step that is not followed
		Until  int    `json:"until"` // of the last, 0 for all to come
		Reason string `json:"reason"`
	}
	gradesForHuman struct {
		Node   string `json:"node"` // empty where several are meant
		Doubt  string `json:"doubt"`
		Marks  []int  `json:"marks"` // by place in marks, from 0
		Reason string `json:"reason"`
	}
	gradesDiagnosis struct {
		Verdict      string              `json:"verdict"`
		Explanations []gradesExplanation `json:"explanations"`
		Fits         []string            `json:"fits"`               // deviations that lead to every wrong answer, those that right ones contradict least first
		MoreFits     int                 `json:"moreFits,omitempty"` // how many there are beyond those
		Untested     []string            `json:"untested"`
		Apart        string              `json:"apart,omitempty"` // the trace that tells a tie's explanations apart
	}
	gradesExplanation struct {
		Deviations   []string `json:"deviations"`
		Explained    int      `json:"explained"`
		Contradicted int      `json:"contradicted"`
	}
)

// Grades writes what each submission was marked with. The right answers, and why
// they are right, are in it only if they may be revealed. The version is the tool's.
func Grades(w io.Writer, c *grade.Class, version string, reveal bool) error {
	out := gradesReport{Version: 1, Tool: gradesTool{"raftsheet", version}, Key: gradesOfKey(c.Key), Max: c.Key.Max}
	for _, v := range c.ByVariant() {
		out.Keys = append(out.Keys, gradesVariant{gradesOfKey(v.Key), v.Key.Max})
	}
	if sc := c.Key.Scheme; sc != nil {
		for i := range sc.Criteria {
			out.Criteria = append(out.Criteria, criterionJSON(&sc.Criteria[i]))
		}
	}
	to := doc.NewJSONStream(w)
	to.Members(out)
	to.List("submissions")
	for i := range c.Submissions {
		s := &c.Submissions[i]
		one := gradesOf(c.KeyOf(s), s, reveal)
		if c.Variants != nil {
			most := c.MaxOf(s)
			one.Variant, one.Max = c.VariantOf(s), &most
		}
		if err := to.Item(one); err != nil {
			return err
		}
	}
	return to.Close()
}

func gradesOfKey(k *grade.Key) gradesKey {
	out := gradesKey{File: k.Trace.File, Digest: k.Digest, Title: k.Trace.Title, Variant: k.Trace.Variant, Steps: make([]gradesKeyStep, len(k.Steps))}
	for i := range k.Steps {
		st := &k.Steps[i]
		out.Steps[i] = gradesKeyStep{st.Trace.ID, st.Trace.EventName(), st.Max, st.Whole}
	}
	return out
}

func gradesOf(k *grade.Key, s *grade.Submission, reveal bool) gradesSubmission {
	out := gradesSubmission{
		Student: gradesStudent{s.Student.ID, s.Student.Name}, File: s.Name, Digest: s.Digest,
		Outcome: s.Outcome.String(), Reason: s.Why, Late: s.Late,
		Errors: []jsonError{}, Steps: []gradesStep{}, Marks: []gradesMark{},
		Remarks: []gradesRemark{}, Stops: []gradesStop{}, ForHuman: []gradesForHuman{},
	}
	for _, e := range s.Errors {
		out.Errors = append(out.Errors, errorJSON(e))
	}
	for _, c := range s.Changes {
		out.Mends = append(out.Mends, gradesMend{c.Line, c.What, c.Moves})
	}
	for _, l := range s.Lost {
		out.Lost = append(out.Lost, gradesLost{l.First, l.Last, l.Why})
	}
	if s.Sheet != nil {
		r := s.Sheet.Counts()
		out.Totals = &gradesTotals{s.Sheet.Strict, s.Sheet.Through, r.Least, mostOf(r), s.Sheet.Penalty}
		out.sheet(k, s.Sheet, reveal)
	}
	if s.Hand != nil {
		out.Hand = handJSON(s.Hand)
		out.Totals = &gradesTotals{Counted: s.Hand.Points}
	}
	return out
}

// sheet adds what a sheet was marked with.
func (out *gradesSubmission) sheet(k *grade.Key, s *grade.Sheet, reveal bool) {
	for i := range k.Steps {
		strict, through, most := s.Step(i)
		out.Steps = append(out.Steps, gradesStep{k.Steps[i].Trace.ID, strict, through, mostOf(grade.Range{Least: through, Most: most}), ownMax(k, i)})
	}
	out.contents(k, s, reveal)
	for i := range s.Marks {
		out.Marks = append(out.Marks, gradesOfMark(k.Trace, &s.Marks[i], reveal))
	}
	for _, r := range s.Remarks {
		out.Remarks = append(out.Remarks, gradesRemark{r.Pos.Line, r.Pos.Column, r.Text, r.Whose})
	}
	for _, r := range s.Open {
		out.Open = append(out.Open, gradesRemark{r.Pos.Line, r.Pos.Column, r.Text, r.Whose})
	}
	for _, stop := range s.Stops {
		out.Stops = append(out.Stops, gradesStop{k.Trace.Name(stop.Node), stop.Step, stop.Until, stop.Why})
	}
	for _, r := range s.Reviews {
		out.ForHuman = append(out.ForHuman, gradesForHuman{nodeName(k.Trace, r.Node), r.Doubt.String(), append([]int{}, r.Cells...), r.Why})
	}
	if s.Diagnosis != nil {
		out.Diagnosis = gradesOfDiagnosis(s.Diagnosis)
	}
}

func handJSON(h *grade.Hand) *gradesHand {
	out := &gradesHand{By: h.By, Read: h.Read, Note: h.Note}
	if h.Read == "" {
		out.Points = &h.Points
	}
	return out
}

// mostOf is the upper end of a range, nil for one that is exact.
func mostOf(r grade.Range) *grade.Points {
	if r.Exact() {
		return nil
	}
	return &r.Most
}

// nodeName is a node's name, empty where none is meant.
func nodeName(t *trace.Trace, id raft.NodeID) string {
	if id == raft.NoNode {
		return ""
	}
	return t.Name(id)
}

func gradesOfMark(t *trace.Trace, m *grade.Mark, reveal bool) gradesMark {
	out := gradesMark{
		Step: t.Steps[m.Cell.Step-1].ID, Node: t.Name(m.Cell.Node), Field: m.Cell.Name,
		Line: m.Pos.Line, Column: m.Pos.Column, Written: m.Written, Text: m.Text,
		Verdict: m.Verdict.String(), Doubt: m.Doubt.String(), Points: m.Points, Through: m.Through, Most: mostOf(grade.Range{Least: m.Through, Most: m.Most}), Max: m.Cell.Points,
		Rule: m.Rule.String(), Remark: m.Remark(),
	}
	if m.Hand != nil {
		out.Hand = handJSON(m.Hand)
	}
	if reveal {
		out.Right, out.Why = m.Cell.Right, m.Why
	}
	return out
}

func gradesOfDiagnosis(d *grade.Diagnosis) *gradesDiagnosis {
	out := &gradesDiagnosis{Verdict: d.Verdict, Explanations: []gradesExplanation{},
		Fits: []string{}, MoreFits: d.MoreFits, Untested: render.NamesOf(d.Untested), Apart: d.Apart}
	for _, e := range d.Fits {
		out.Fits = append(out.Fits, render.NamesOf(e.Deviations)...)
	}
	for _, e := range d.Explanations {
		out.Explanations = append(out.Explanations, gradesExplanation{render.NamesOf(e.Deviations), e.Explained, e.Contradicted})
	}
	return out
}
