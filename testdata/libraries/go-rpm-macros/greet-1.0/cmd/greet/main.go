// Command greet greets the world, or who is named.
package main

import (
	"fmt"
	"os"

	"example.org/demo/greet"
)

func main() {
	name := "World"
	if len(os.Args) > 1 {
		name = os.Args[1]
	}
	fmt.Println(greet.Greet(name))
}
