let count_twice text = Pebble.twice (Pebble.count text)
