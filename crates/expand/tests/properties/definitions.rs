//! Definitions go when they are taken away, and when the call ends that made them.

use proptest::prelude::*;
use specbuild_expand::Level;

use crate::{engine, table, written};

const MACROS: &str = "%shadowed old\n%kept() %1\n%other<l> text\n";

/// What a body may do that nobody outside should see.
fn statement() -> impl Strategy<Value = String> {
    prop_oneof![
        "%define (shadowed|mine|kept|other) [a-z]{1,4}",
        "%define (mine|kept)\\((a|b:)?\\) <%1> [a-z]",
        "%define -e (mine|shadowed) %\\{\\?1\\}x",
        "%\\{define:mine [a-z]{1,3}\\}",
        "%define mine [a-z]%\\{shadowed\\}",
        Just("%define mine x\n%undefine mine".to_owned()),
        Just("%define shadowed x\n%undefine shadowed".to_owned()),
        Just("%{?mine}%{?shadowed} %*".to_owned()),
        Just("%{inner a b}".to_owned()),
        Just("%{expand:%%define mine y}".to_owned()),
        Just("%{-a:%define mine z\n}".to_owned()),
    ]
}

fn body() -> impl Strategy<Value = String> {
    prop::collection::vec(statement(), 0..6).prop_map(|it| it.join("\n"))
}

proptest! {
    #[test]
    fn undefine_takes_back_what_define_did(
        name in "[a-z_][a-z0-9_]{2,6}",
        options in prop::option::of("\\([a-c:]{0,3}\\)"),
        body in "[a-z %{}]{1,12}",
    ) {
        let mut engine = engine(MACROS);
        let before = table(&mut engine);
        let definition = format!("{name}{} {body}", options.unwrap_or_default());
        if engine.define_line(&definition, Level::GLOBAL).is_ok() {
            prop_assert!(engine.is_defined(&name));
            engine.undefine(&name);
        }
        prop_assert_eq!(table(&mut engine), before);
    }

    #[test]
    fn a_call_leaves_nothing_behind(outer in body(), inner in body(), call in "(-a )?[a-z]{0,3}") {
        let mut engine = engine(MACROS);
        for definition in [format!("outer(a) {{{outer}\n}}"), format!("inner(a) {{{inner}\n}}")] {
            engine.define_line(&definition, Level::GLOBAL).unwrap();
        }
        let before = table(&mut engine);
        let call = written(&mut engine, &format!("%{{outer {call}}}"));
        // A macro that comes to call itself fails, and leaves as little behind.
        let _ = engine.expand(&call);
        prop_assert_eq!(table(&mut engine), before);
        prop_assert!(engine.args().is_none());
    }

    #[test]
    fn what_is_global_stays(outer in body(), value in "[a-z]{1,5}") {
        let mut engine = engine(MACROS);
        let body = format!("outer() {{{outer}\n%global made {value}\n}}");
        engine.define_line(&body, Level::GLOBAL).unwrap();
        engine.define_line("inner() x", Level::GLOBAL).unwrap();
        let before = table(&mut engine);
        let call = written(&mut engine, "%{outer a}");
        engine.expand(&call).unwrap();
        prop_assert_eq!(engine.expand_str("%made").unwrap(), value);
        engine.undefine("made");
        prop_assert_eq!(table(&mut engine), before);
    }
}
