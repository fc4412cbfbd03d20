fn main() {
    println!("WORDS");
}
