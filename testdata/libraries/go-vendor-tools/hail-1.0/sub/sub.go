// Package sub has no tests.
package sub
