package report

import (
	"io"
	"math"

	"raftsheet/check/grade"
	"raftsheet/render"
	"raftsheet/render/doc"
)

// The JSON of a class. Its names are stable: programs read them.
type (
	jsonClassItems struct {
		Version     int             `json:"version"`
		Key         jsonClassKey    `json:"key"`
		Submissions jsonOutcomes    `json:"submissions"`
		Marks       jsonMarks       `json:"marks"`
		Variants    []jsonVariant   `json:"variants,omitempty"` // of the worksheet, where there are several
		Criteria    []jsonCriterion `json:"criteria,omitempty"` // of a scheme
		Questions   []jsonQuestion  `json:"questions"`
		Steps       []jsonQuestion  `json:"steps"`
		Rules       []jsonRuleItem  `json:"rules"` // the hardest first
		Empty       int             `json:"empty"` // sheets that are blank throughout, in none of the figures
		Diagnosis   *jsonLearned    `json:"diagnosis"`
		Apart       []jsonUnmarked  `json:"apart"`
		ForHuman    []jsonForHuman  `json:"forHuman"`
	}
	jsonClassKey struct {
		File     string        `json:"file"`
		Document int           `json:"document"`
		Title    string        `json:"title"`
		Variant  string        `json:"variant,omitempty"`
		Points   grade.Points  `json:"points"`
		Differs  []jsonFinding `json:"findings"`
	}
	jsonOutcomes struct {
		Files      int `json:"files"`
		Marked     int `json:"marked"`
		Malformed  int `json:"malformed"`
		Refused    int `json:"refused"`
		Superseded int `json:"superseded"`
		Unmatched  int `json:"unmatched"`
		ByHand     int `json:"byHand"`
	}
	jsonMarks struct {
		Lowest    grade.Points `json:"lowest"`
		Median    grade.Points `json:"median"`
		Mean      grade.Points `json:"mean"`
		Highest   grade.Points `json:"highest"`
		Histogram []jsonBin    `json:"histogram"`
	}
	jsonBin struct {
		From   grade.Points `json:"from"`
		To     grade.Points `json:"to"`
		Sheets int          `json:"sheets"`
	}
	jsonQuestion struct {
		Step           int          `json:"step"`
		ID             string       `json:"id"`
		Node           string       `json:"node,omitempty"`
		Field          string       `json:"field,omitempty"`
		Points         grade.Points `json:"points"`
		Right          int          `json:"right"`
		FollowThrough  int          `json:"followThrough"`
		Wrong          int          `json:"wrong"`
		Blank          int          `json:"blank"`
		ForHuman       int          `json:"forHuman"`
		ByHand         int          `json:"byHand"`
		Discrimination *float64     `json:"discrimination"` // null where it is not defined
		Silence        string       `json:"silence"`        // why the question tells nothing, empty where it does
		Answers        []jsonAnswer `json:"answers,omitempty"`
	}
	jsonCriterion struct {
		gradesCriterion
		Met     int `json:"met"`
		Part    int `json:"part"`
		Missing int `json:"missing"`
	}
	jsonRuleItem struct {
		Rule          string `json:"rule"`
		Section       string `json:"section"`
		Cells         int    `json:"cells"` // of the key; of several, of the one that has most
		Right         int    `json:"right"`
		FollowThrough int    `json:"followThrough"`
		Wrong         int    `json:"wrong"`
		Blank         int    `json:"blank"`
		ForHuman      int    `json:"forHuman"`

		*jsonCompared // where students have worksheets of their own
	}
	jsonCompared struct {
		Sheets         int      `json:"sheets"`
		Mean           float64  `json:"mean"`
		Discrimination *float64 `json:"discrimination"` // null where it is not defined
	}
	jsonVariant struct {
		Variant string       `json:"variant"`
		File    string       `json:"file"`
		Points  grade.Points `json:"points"`
		Sheets  int          `json:"sheets"` // that count
		Mean    grade.Points `json:"mean"`
	}
	jsonAnswer struct {
		Written       any `json:"written"`
		Sheets        int `json:"sheets"`
		FollowThrough int `json:"followThrough"`
	}
	jsonLearned struct {
		Sheets   int         `json:"sheets"`
		Right    int         `json:"right"`
		Slips    int         `json:"slips"`
		Named    []jsonNamed `json:"named"`
		Tied     []jsonTied  `json:"tied"`
		Untested []string    `json:"untested"`
	}
	jsonNamed struct {
		Deviations []string `json:"deviations"`
		Sheets     int      `json:"sheets"`
	}
	jsonTied struct {
		Explanations [][]string `json:"explanations"`
		Sheets       int        `json:"sheets"`
	}
	jsonUnmarked struct {
		File    string `json:"file"`
		Student string `json:"student"`
		ID      string `json:"id"`
		Outcome string `json:"outcome"`
		Why     string `json:"why"`
	}
	jsonForHuman struct {
		File    string   `json:"file"`
		Student string   `json:"student"`
		ID      string   `json:"id"`
		Node    string   `json:"node"` // empty where several are meant
		Doubt   string   `json:"doubt"`
		Steps   []string `json:"steps"`
		Why     string   `json:"why"`
	}
)

// Class writes what a class's sheets say of the questions.
func Class(w io.Writer, class *grade.Class) error {
	c := class.Items()
	t := c.Key.Trace
	out := jsonClassItems{
		Version: 1,
		Key:     jsonClassKey{File: t.File, Document: t.Document, Title: t.Title, Variant: t.Variant, Points: c.Key.Max, Differs: keyFindings(c.Key)},
		Submissions: jsonOutcomes{len(class.Submissions), c.Outcomes[grade.Marked], c.Outcomes[grade.Malformed],
			c.Outcomes[grade.Refused], c.Outcomes[grade.Superseded], c.Outcomes[grade.Unmatched], c.Outcomes[grade.Given]},
		Marks:     jsonMarks{Lowest: c.Marks.Lowest, Median: c.Marks.Median, Mean: c.Marks.Mean, Highest: c.Marks.Highest, Histogram: []jsonBin{}},
		Questions: []jsonQuestion{}, Steps: []jsonQuestion{}, Apart: []jsonUnmarked{}, ForHuman: []jsonForHuman{},
	}
	for _, b := range c.Marks.Bins {
		out.Marks.Histogram = append(out.Marks.Histogram, jsonBin{b.From, b.To, b.Sheets})
	}
	for i := range c.Cells {
		cell := &c.Key.Cells[i]
		q := questionJSON(&c.Cells[i])
		q.Step, q.ID, q.Node, q.Field = cell.Step, t.Steps[cell.Step-1].ID, t.Name(cell.Node), cell.Name
		out.Questions = append(out.Questions, q)
	}
	for i := range c.Steps {
		if s := &c.Key.Steps[i]; s.Asks() {
			q := questionJSON(&c.Steps[i])
			q.Step, q.ID = s.Trace.Number, s.Trace.ID
			out.Steps = append(out.Steps, q)
		}
	}
	out.Empty, out.Rules = c.Empty, []jsonRuleItem{}
	for _, r := range c.Rules {
		out.Rules = append(out.Rules, jsonRuleItem{r.Rule.String(), r.Rule.Info().Section, r.Cells,
			r.By[grade.Right], r.By[grade.Follows], r.By[grade.Wrong], r.By[grade.Blank], r.By[grade.ToReview], comparedJSON(c, &r)})
	}
	for _, v := range class.ByVariant() {
		out.Variants = append(out.Variants, jsonVariant{v.Key.Variant(), v.Key.Trace.File, v.Key.Max, v.Sheets, v.Mean})
	}
	if c.Learned.Sheets > 0 {
		out.Diagnosis = learnedJSON(&c.Learned)
	}
	for _, it := range c.Criteria {
		out.Criteria = append(out.Criteria, jsonCriterion{criterionJSON(it.Criterion), it.Met, it.Part, it.Missing})
	}
	out.addWaiting(class)
	return doc.WriteJSON(w, out)
}

// addWaiting adds the submissions that have no mark, and what waits for an instructor.
func (out *jsonClassItems) addWaiting(class *grade.Class) {
	for i := range class.Submissions {
		s := &class.Submissions[i]
		if s.Outcome != grade.Marked {
			out.Apart = append(out.Apart, jsonUnmarked{s.Name, s.Student.Name, s.Student.ID, s.Outcome.String(), s.Why})
			continue
		}
		for _, r := range s.Sheet.Reviews {
			out.ForHuman = append(out.ForHuman, jsonForHuman{s.Name, s.Student.Name, s.Student.ID, nodeName(s.Sheet.Key.Trace, r.Node), r.Doubt.String(), append([]string{}, render.StepIDs(s.Sheet.Key, r.Cells)...), r.Why})
		}
	}
}

// comparedJSON is what a rule says of sheets whose cells differ; nil where they do not.
func comparedJSON(c *grade.Items, r *grade.RuleItem) *jsonCompared {
	if c.Variants == nil {
		return nil
	}
	out := &jsonCompared{Sheets: r.Sheets, Mean: math.Round(r.Mean*1e6) / 1e6}
	if r.Discrimination.Defined {
		rounded := math.Round(r.Discrimination.R*1e6) / 1e6
		out.Discrimination = &rounded
	}
	return out
}

// keyFindings are the places where the key is at odds with the reference.
func keyFindings(k *grade.Key) []jsonFinding {
	out := []jsonFinding{}
	if k.Own == nil {
		return out // a scheme has no answers
	}
	for _, f := range traceJSON(k.Own).Findings {
		if f.Severity == "error" {
			out = append(out, f)
		}
	}
	return out
}

func questionJSON(it *grade.Item) jsonQuestion {
	q := jsonQuestion{Points: it.Max, Right: it.By[grade.Right], FollowThrough: it.By[grade.Follows],
		Wrong: it.By[grade.Wrong], Blank: it.By[grade.Blank], ForHuman: it.By[grade.ToReview], ByHand: it.By[grade.ByHand], Silence: it.Silence.String()}
	if d := it.Discrimination; d.Defined {
		q.Discrimination = &d.R
	}
	for _, a := range it.Answers {
		q.Answers = append(q.Answers, jsonAnswer{a.Written, a.Sheets, a.Follows})
	}
	return q
}

func learnedJSON(l *grade.Diagnoses) *jsonLearned {
	out := &jsonLearned{Sheets: l.Sheets, Right: l.Right, Slips: l.Slips,
		Named: []jsonNamed{}, Tied: []jsonTied{}, Untested: render.NamesOf(l.Untested)}
	for _, m := range l.Named {
		out.Named = append(out.Named, jsonNamed{render.NamesOf(m.Deviations), m.Sheets})
	}
	for _, t := range l.Tied {
		tied := jsonTied{Sheets: t.Sheets}
		for _, ds := range t.Explanations {
			tied.Explanations = append(tied.Explanations, render.NamesOf(ds))
		}
		out.Tied = append(out.Tied, tied)
	}
	return out
}
