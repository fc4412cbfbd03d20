package main

import (
	"testing"

	"example.org/words"
)

func TestWords(t *testing.T) {
	if got := words.Join("a", "b"); got != "a, b" {
		t.Errorf("got %q", got)
	}
}
