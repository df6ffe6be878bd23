package compare

import "strings"

// shellLine writes arguments for a POSIX shell: each in single quotes, between which nothing has a meaning but the single quote itself.
func shellLine(arguments []string) string {
	quoted := make([]string, 0, len(arguments))
	for _, a := range arguments {
		quoted = append(quoted, "'"+strings.ReplaceAll(a, "'", `'\''`)+"'")
	}
	return strings.Join(quoted, " ")
}

// configFile writes curl's arguments as its --config file: one option a line, the value in double quotes, in which a backslash makes the next
// character stand for itself (curl's manual, "config file").
func configFile(arguments []string) string {
	var b strings.Builder
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	for i := 1; i < len(arguments); i++ {
		option := strings.TrimPrefix(arguments[i], "--")
		if option == "disable" {
			continue // counts on the command line alone
		}
		b.WriteString(option)
		if takesValue(option) {
			i++
			b.WriteString(` = "` + escape.Replace(arguments[i]) + `"`)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// takesValue is for the options that Step.arguments gives.
func takesValue(option string) bool {
	switch option {
	case "globoff", "path-as-is", "location", "compressed":
		return false
	}
	return true
}
