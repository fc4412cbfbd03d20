//! Where calls, lines and bodies end: the parts of the engine that tell it agree.

use proptest::prelude::*;
use specbuild_expand::{Nesting, find_macro_end};

use crate::{engine, table, written};

/// Bodies in which brackets may stay open and lines may go on.
fn body() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => "[a-z ]{1,3}",
        1 => Just("%{".to_owned()),
        2 => Just("}".to_owned()),
        1 => Just("%(".to_owned()),
        1 => Just(")".to_owned()),
        1 => Just("%[".to_owned()),
        1 => Just("]".to_owned()),
        1 => Just("%%".to_owned()),
        1 => Just("\\\n".to_owned()),
        1 => Just("\n".to_owned()),
        1 => Just("\\x".to_owned()),
    ];
    prop::collection::vec(part, 1..10).prop_map(|parts| "b".to_owned() + &parts.concat())
}

proptest! {
    #[test]
    fn a_call_ends_when_its_line_is_closed(
        inner in "([a-z\n]|%|\\{|\\}|\\\\){0,16}",
        kind in 0..3usize,
    ) {
        let (open, close) = [("{", "}"), ("(", ")"), ("[", "]")][kind];
        let inner = inner.replace('{', open).replace('}', close);
        let call = format!("%{open}{inner}");
        let closes_at = |end: &usize| {
            let mut nesting = Nesting::default();
            call[..*end].split_inclusive('\n').for_each(|line| nesting.feed(line));
            !nesting.is_unclosed()
        };
        // A bracket that a backslash hides is closed nowhere, nor is half of what it hides.
        let ends = (2..=call.len()).find(closes_at);
        prop_assert_eq!(find_macro_end(&call[1..]).map(|end| end + 1), ends, "{}", call);
    }

    #[test]
    fn macro_files_and_define_read_the_same_body(body in body()) {
        let definition = format!("made {body}\n");
        let loaded = engine(&format!("%{definition}%after x\n"));
        let mut defined = engine("");
        let text = written(&mut defined, &format!("%define {definition}%after x\n"));
        // What follows the definition may be at fault by itself.
        let _ = defined.expand(&text);
        prop_assert_eq!(loaded.is_defined("made"), defined.is_defined("made"));
        let bodies = [loaded, defined].map(|mut it| it.body("made").map(source::Text::into_string));
        prop_assert_eq!(&bodies[0], &bodies[1]);
    }

    #[test]
    fn reading_a_body_does_not_change_it(bodies in prop::collection::vec(body(), 1..4)) {
        let lines = bodies.iter().enumerate();
        let file: String = lines.map(|(number, body)| format!("%m_{number} {body}\n")).collect();
        let mut engine = engine(&file);
        let before = table(&mut engine);
        for number in 0..bodies.len() {
            let _ = engine.body(&format!("m_{number}"));
        }
        prop_assert_eq!(table(&mut engine), before);
    }
}
