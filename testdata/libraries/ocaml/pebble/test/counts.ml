let () = assert (Pebble_more.count_twice "one two three" = 6)
