// Command hail hails the world.
package main

import (
	"fmt"

	"example.org/words"
)

var version = "none"

func main() {
	fmt.Println(words.Join("Hail", "World"), version)
}
