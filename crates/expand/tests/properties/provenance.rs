//! Every byte of a result knows where it was written.

use proptest::prelude::*;
use source::Text;
use specbuild_expand::Engine;

use crate::{engine, written};

/// Macros that only copy text: their own, their arguments', their callers'.
const COPYING: &str = "\
%plain some text
%nested <%plain> %{plain}
%lines one \\
  two %{?plain: three} \\
  four
%all() <%*> %# %{?1:first is %1}
%pass() %{all %{**}} %{all %**}
%option(ab:) %{-a:has %{-a}} %{-b:%{-b*}} %{!-a:none} %*
%outer() %define inner() [%1] \\
%{inner %1}%{inner %{quote:x y}}
%literal<l> %plain stays
%once<o> %plain
";

/// Texts of calls within calls.
fn calls() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[a-z. \n]{1,6}",
        "[äß€]{1,2}",
        Just("%%".to_owned()),
        Just("%".to_owned()),
        "%(plain|nested|lines|literal|once|undefined)",
        "%\\{[?!]{0,2}(plain|nested|lines|literal|once|undefined)\\}",
        "%(all|pass|option|outer) [a-z]{1,3} -a -b [a-z]{2}\n",
    ];
    let text = leaf.prop_recursive(3, 24, 4, |inner| {
        let joined = prop::collection::vec(inner, 1..4).prop_map(|parts| parts.concat());
        prop_oneof![
            joined.clone(),
            joined.clone().prop_map(|it| format!("%{{?plain:{it}}}")),
            joined.clone().prop_map(|it| format!("%{{!?zero:{it}}}")),
            joined.clone().prop_map(|it| format!("%{{all {it}}}")),
            joined.clone().prop_map(|it| format!("%{{pass:{it}}}")),
            joined.clone().prop_map(|it| format!("%{{span:{it}}}")),
            joined
                .clone()
                .prop_map(|it| format!("%{{all %{{quote:{it}}}}}")),
            joined.prop_map(|it| format!("%{{expand:{it}}}")),
        ]
    });
    prop::collection::vec(text, 0..6).prop_map(|parts| parts.concat())
}

/// Pieces are sorted, start at 0 and are not empty, and lie in a text that was read.
pub(crate) fn check_pieces(engine: &Engine, text: &Text) {
    let starts: Vec<_> = text.pieces().iter().map(|piece| piece.start).collect();
    assert_eq!(starts.first().copied(), (!text.is_empty()).then_some(0));
    assert!(starts.is_sorted_by(|a, b| a < b), "{starts:?}");
    assert!(starts.iter().all(|start| (*start as usize) < text.len()));
    for origin in text.pieces().iter().filter_map(|piece| piece.origin) {
        let file = engine.sources.text(origin.span.file);
        assert!(origin.span.start <= origin.span.end);
        assert!(origin.span.end as usize <= file.len());
    }
}

/// A piece as long as its span was copied byte for byte.
fn check_copies(engine: &Engine, text: &Text) {
    for (index, piece) in text.pieces().iter().enumerate() {
        let Some(origin) = piece.origin else { continue };
        let start = piece.start as usize;
        let next = text.pieces().get(index + 1);
        let end = next.map_or(text.len(), |next| next.start as usize);
        let written = engine.sources.slice(origin.span);
        let made = &text.as_bytes()[start..end];
        let is_copy = written.len() != made.len() || written.as_bytes() == made;
        assert!(is_copy, "{:?} is said to be {written:?}", &text[start..]);
    }
}

proptest! {
    #[test]
    fn text_without_calls_stays_as_it_is(text in "[^%]{0,80}") {
        let mut engine = engine("");
        let text = written(&mut engine, &text);
        prop_assert_eq!(engine.expand(&text).unwrap(), text);
    }

    #[test]
    fn doubled_percent_signs_expand_to_the_text(text in "[a-z%{}()\\[\\] \n]{0,80}") {
        let mut engine = engine("");
        let doubled = written(&mut engine, &text.replace('%', "%%"));
        let expanded = engine.expand(&doubled).unwrap();
        prop_assert_eq!(expanded.as_str(), text);
        check_pieces(&engine, &expanded);
        check_copies(&engine, &expanded);
    }

    #[test]
    fn copied_bytes_are_where_they_are_said_to_be(text in calls()) {
        let mut engine = engine(COPYING);
        let text = written(&mut engine, &text);
        if let Ok(expanded) = engine.expand(&text) {
            check_pieces(&engine, &expanded);
            check_copies(&engine, &expanded);
        }
        prop_assert!(engine.args().is_none());
    }

    #[test]
    fn any_text_expands_to_whole_pieces(text in "[a-z%{}()?!:*#\\[\\] \n\"1+-]{0,60}") {
        let mut engine = engine(COPYING);
        let text = written(&mut engine, &text);
        if let Ok(expanded) = engine.expand(&text) {
            check_pieces(&engine, &expanded);
        } else {
            prop_assert!(engine.sink.errors() > 0);
        }
    }
}
