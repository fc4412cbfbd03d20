//! Expressions are worth what a plain evaluator of their trees says.
//!
//! Source of the precedence: rpm-macros(7), "Expression expansion".

use proptest::prelude::*;

use crate::{engine, written};

use Tree::{Binary, Choice, Negative, Not, Number};

/// The tree of an expression over numbers.
#[derive(Clone, Debug)]
enum Tree {
    Number(i32),
    Negative(Box<Tree>),
    Not(Box<Tree>),
    Binary(Box<Tree>, &'static str, Box<Tree>),
    Choice(Box<Tree>, Box<Tree>, Box<Tree>),
}

const SIGNS: [&str; 12] = [
    "*", "/", "+", "-", "==", "!=", "<", "<=", ">", ">=", "&&", "||",
];

fn binding(sign: &str) -> u8 {
    match sign {
        "*" | "/" => 4,
        "+" | "-" => 3,
        "&&" | "||" => 1,
        _ => 2,
    }
}

fn tree() -> impl Strategy<Value = Tree> {
    let number = prop_oneof![0..4i32, 0..=i32::MAX, Just(i32::MAX)];
    number.prop_map(Number).prop_recursive(5, 40, 3, |inner| {
        let inner = inner.prop_map(Box::new);
        let sign = prop::sample::select(&SIGNS[..]);
        prop_oneof![
            1 => inner.clone().prop_map(Negative),
            1 => inner.clone().prop_map(Not),
            6 => (inner.clone(), sign, inner.clone()).prop_map(|(a, sign, b)| Binary(a, sign, b)),
            1 => (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| Choice(a, b, c)),
        ]
    })
}

/// The text of a tree, with brackets only where it needs them.
fn show(tree: &Tree, least: u8, blank: &str) -> String {
    let (shown, own) = match tree {
        Number(number) => (number.to_string(), 5),
        Negative(of) => (format!("-{blank}{}", show(of, 5, blank)), 5),
        Not(of) => (format!("!{blank}{}", show(of, 5, blank)), 5),
        Binary(left, sign, right) => {
            let own = binding(sign);
            let (left, right) = (show(left, own, blank), show(right, own + 1, blank));
            (format!("{left}{blank}{sign}{blank}{right}"), own)
        }
        Choice(condition, yes, no) => {
            let condition = show(condition, 1, blank);
            let (yes, no) = (show(yes, 0, blank), show(no, 0, blank));
            (format!("{condition}{blank}?{yes}:{blank}{no}"), 0)
        }
    };
    if own < least {
        format!("({shown})")
    } else {
        shown
    }
}

/// What a tree is worth; `None` if it divides by zero where that counts.
fn value(tree: &Tree) -> Option<i32> {
    Some(match tree {
        Number(number) => *number,
        Negative(of) => value(of)?.wrapping_neg(),
        Not(of) => i32::from(value(of)? == 0),
        Choice(condition, yes, no) if value(condition)? == 0 => value(no)?,
        Choice(_, yes, _) => value(yes)?,
        Binary(left, "&&", right) => match value(left)? {
            0 => 0,
            _ => value(right)?,
        },
        Binary(left, "||", right) => match value(left)? {
            0 => value(right)?,
            left => left,
        },
        Binary(left, sign, right) => binary(value(left)?, sign, value(right)?)?,
    })
}

fn binary(left: i32, sign: &str, right: i32) -> Option<i32> {
    Some(match sign {
        "*" => left.wrapping_mul(right),
        "/" if right == 0 => return None,
        "/" => left.wrapping_div(right),
        "+" => left.wrapping_add(right),
        "-" => left.wrapping_sub(right),
        "==" => i32::from(left == right),
        "!=" => i32::from(left != right),
        "<" => i32::from(left < right),
        "<=" => i32::from(left <= right),
        ">" => i32::from(left > right),
        _ => i32::from(left >= right),
    })
}

proptest! {
    #[test]
    fn numbers_are_as_in_32_bits(tree in tree(), blank in "[ ]{0,1}") {
        let mut engine = engine("");
        let expression = show(&tree, 0, &blank);
        let text = written(&mut engine, &format!("%[{expression}]"));
        let found = engine.expand(&text).ok().map(source::Text::into_string);
        prop_assert_eq!(found, value(&tree).map(|it| it.to_string()), "{}", expression);
    }

    #[test]
    fn if_holds_when_the_value_is_not_zero(tree in tree()) {
        let mut engine = engine("");
        let text = written(&mut engine, &show(&tree, 0, " "));
        prop_assert_eq!(engine.evaluate(&text).ok(), value(&tree).map(|it| it != 0));
    }
}
