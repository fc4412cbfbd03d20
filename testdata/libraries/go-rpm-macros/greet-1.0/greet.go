// Package greet makes greetings.
package greet

import (
	_ "embed"
	"strings"

	"example.org/demo/greet/internal/words"
)

//go:embed hello.txt
var hello string

// Greet returns a greeting for a name.
func Greet(name string) string {
	return words.Join(strings.TrimSpace(hello), name)
}
