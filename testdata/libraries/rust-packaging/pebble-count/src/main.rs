fn main() {
    let text: Vec<String> = std::env::args().skip(1).collect();
    println!("{}", pebble_count::words(&text.join(" ")));
}
