//! Arguments: quoted words can be told apart again.

use proptest::prelude::*;
use source::Text;
use specbuild_expand::{split_quoted, unsplit_quoted};

use crate::{engine, written};

proptest! {
    #[test]
    fn quoted_words_come_apart_as_they_were(words in prop::collection::vec("[a-z \t\n%é]{0,6}", 0..6)) {
        let texts: Vec<_> = words.iter().map(Text::detached).collect();
        let split = split_quoted(&unsplit_quoted(&texts));
        prop_assert_eq!(split, texts);
    }

    #[test]
    fn plain_words_are_split_at_blanks(line in "[a-z \té]{0,20}") {
        let split = split_quoted(&Text::detached(line.as_str()));
        let split: Vec<_> = split.iter().map(Text::as_str).collect();
        let words: Vec<_> = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
        prop_assert_eq!(split, words);
    }

    #[test]
    fn a_macro_sees_the_words_it_was_given(words in prop::collection::vec("[a-z ]{1,6}", 0..6)) {
        let mut engine = engine("%show() %#%{?1:|%1}%{?2:|%2}%{?3:|%3}\n%pass() %{show %{**}}\n");
        let quoted: Vec<_> = words.iter().map(|word| format!("%{{quote:{word}}}")).collect();
        let call = written(&mut engine, &format!("%{{pass {}}}", quoted.join(" ")));
        let shown = engine.expand(&call).unwrap().into_string();
        let first: String = words.iter().take(3).map(|word| format!("|{word}")).collect();
        prop_assert_eq!(shown, format!("{}{first}", words.len()));
    }
}
