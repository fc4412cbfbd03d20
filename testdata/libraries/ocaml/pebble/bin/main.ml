let () = print_int (Pebble.count (read_line ())); print_newline ()
