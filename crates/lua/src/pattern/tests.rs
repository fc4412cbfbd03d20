//! Lua's own library is the judge: both find the same ends.

use mlua::{Lua, Value};
use proptest::prelude::*;

use super::*;

/// Where the first match ends; `None` if the pattern is refused.
fn ends(subject: &str, pattern: &str) -> Option<Option<usize>> {
    let search = Search {
        subject: subject.as_bytes(),
        pattern: pattern.as_bytes(),
        start: 0,
        matches: 1,
        anchors: true,
    };
    Matcher::new(&search, 100_000).find_all(&search).ok()
}

fn lua_ends(lua: &Lua, subject: &str, pattern: &str) -> Option<Option<usize>> {
    let find: mlua::Function = lua.load("return string.find").eval().ok()?;
    // What looks like no pattern is searched for as it is; an empty group changes that.
    let found: mlua::Result<(Value, Option<usize>)> = find.call((subject, pattern));
    found.ok().map(|(_, end)| end)
}

proptest! {
    #[test]
    fn matches_end_where_lua_ends_them(
        subject in "[ab1_ ()]{0,12}",
        items in prop::collection::vec(
            "(a|b|1|\\.|%a|%D|%s|%w|%p|\\[ab\\]|\\[\\^a\\]|\\[%d_-a\\]|\\[\\]a\\]|%1|%f\\[%w\\]|%f\\[%W\\]|%b\\(\\)|\\(|\\)|\\(\\)|\\$|%|\\[)[*+?-]{0,1}",
            0..6,
        ),
        anchor in "\\^?",
    ) {
        let pattern = anchor + &items.concat();
        // Without any of these it is no pattern to `find`.
        prop_assume!(pattern.contains(['^', '$', '*', '+', '?', '.', '(', '[', '%', '-']));
        let lua = Lua::new();
        let expected = lua_ends(&lua, &subject, &pattern);
        let found = ends(&subject, &pattern);
        if let Some(expected) = expected {
            prop_assert_eq!(found, Some(expected), "{} in {}", pattern, subject);
        }
    }
}

#[test]
fn steps_of_a_slow_pattern_are_many() {
    let subject = "a".repeat(1000);
    let search = |pattern: &'static str| Search {
        subject: subject.as_bytes(),
        pattern: pattern.as_bytes(),
        start: 0,
        matches: usize::MAX,
        anchors: true,
    };
    assert!(steps(&search("a"), 1_000_000) < 5000);
    assert!(steps(&search("a*a*a*a*b"), 1_000_000) > 1_000_000);
}
