package greet

import (
	"os"
	"testing"
)

func TestGreet(t *testing.T) {
	want, err := os.ReadFile("testdata/want.txt")
	if err != nil {
		t.Fatal(err)
	}
	if got := Greet("World") + "\n"; got != string(want) {
		t.Errorf("got %q", got)
	}
}
