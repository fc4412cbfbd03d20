// Package words joins words.
package words

// Join puts a comma between two words.
func Join(one, other string) string {
	return one + ", " + other
}
