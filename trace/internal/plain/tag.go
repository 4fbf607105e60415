package plain

import "gopkg.in/yaml.v3"

// tag gives the tag of a text without quotes. What is neither a word nor a short
// number is for yaml.v3 to say, which takes times, _ and five bases into account.
func tag(value string) string {
	if value == "" {
		return "!!null"
	}
	switch b := value[0]; {
	case b >= '0' && b <= '9':
		return number(value)
	case b == '-', b == '+', b == '.':
		return ask(value)
	}
	switch value {
	case "~", "null", "Null", "NULL":
		return "!!null"
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return "!!bool"
	}
	return "!!str"
}

// number gives the tag of a text that begins with a digit. Logs are full of such
// text that is not a number: 2:x, 3/1.
func number(value string) string {
	const (
		longest = 18 // digits that every int64 has room for
		year    = 4  // digits, and a dash behind them: perhaps a time
	)
	digits := 0
	for digits < len(value) && value[digits] >= '0' && value[digits] <= '9' {
		digits++
	}
	if digits == len(value) && digits <= longest && (value[0] != '0' || digits == 1) {
		return "!!int"
	}
	if digits == year && digits < len(value) && value[digits] == '-' {
		return ask(value)
	}
	for i := range len(value) {
		switch b := value[i]; {
		case b >= '0' && b <= '9', b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z':
		case b == '_' || b == '.' || b == '+' || b == '-':
		default:
			return "!!str" // no number has this
		}
	}
	return ask(value)
}

func ask(value string) string {
	return (&yaml.Node{Kind: yaml.ScalarNode, Value: value}).ShortTag()
}
