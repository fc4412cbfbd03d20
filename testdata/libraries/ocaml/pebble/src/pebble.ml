external twice : int -> int = "pebble_twice"

let count text = List.length (String.split_on_char ' ' text)
