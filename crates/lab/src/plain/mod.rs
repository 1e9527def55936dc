//! Views and reports as plain values for scripts: objects of JSON with names in camelCase, times in
//! milliseconds.
//!
//! Each struct that scripts see is listed once with its fields; the list gives the value, and the
//! TypeScript declaration beside it. The compiler refuses a list that leaves a field out. Nothing
//! here knows JavaScript.

mod lab;
mod panels;
mod report;
mod shapes;
mod time;

pub use lab::{BranchLine, Fork, Passed, Reached};
pub use shapes::{Shape, ShapeKind, Shapes};

pub use scenario::Json;

/// Something that a script can be given.
pub trait Plain {
    /// As a value.
    fn plain(&self) -> Json;

    /// What TypeScript calls it.
    fn kind() -> String;

    /// Declares it, and what it is made of.
    fn declare(shapes: &mut Shapes);
}

/// Lists what a struct, or an enum of words, consists of: `Name = path::Type { fields }`, fields that
/// scripts are not told behind `; without`, or `Name = path::Type: Variant | Variant`.
#[macro_export]
macro_rules! plain {
    ($($name:ident = $type:ty { $($field:ident),* $(; without $($hidden:ident),*)? })*) => { $(
        impl $crate::plain::Plain for $type {
            fn plain(&self) -> $crate::plain::Json {
                let Self { $($field,)* $($($hidden: _,)*)? } = self;
                $crate::plain::Json::Object(vec![$((
                    $crate::plain::camel(stringify!($field)),
                    $crate::plain::Plain::plain($field),
                )),*])
            }

            fn kind() -> String {
                stringify!($name).to_owned()
            }

            fn declare(shapes: &mut $crate::plain::Shapes) {
                if shapes.opens::<Self>() {
                    $(shapes.field(stringify!($field), |it: &Self| &it.$field);)*
                }
            }
        }
    )* };
    ($($name:ident = $type:ty: $($variant:ident)|*;)*) => { $(
        impl $crate::plain::Plain for $type {
            fn plain(&self) -> $crate::plain::Json {
                $crate::plain::Json::Text($crate::plain::kebab(match self {
                    $(Self::$variant => stringify!($variant)),*
                }))
            }

            fn kind() -> String {
                stringify!($name).to_owned()
            }

            fn declare(shapes: &mut $crate::plain::Shapes) {
                if shapes.opens::<Self>() {
                    $(shapes.word(stringify!($variant));)*
                }
            }
        }
    )* };
}
pub use plain;

/// What is written as it is: numbers, words, truth.
macro_rules! simple {
    ($kind:literal: $($type:ty = $value:expr),*) => { $(
        impl Plain for $type {
            fn plain(&self) -> Json {
                let value: fn(&Self) -> Json = $value;
                value(self)
            }

            fn kind() -> String {
                $kind.to_owned()
            }

            fn declare(_: &mut Shapes) {}
        }
    )* };
}

simple!("number":
    u8 = |number| Json::Number(f64::from(*number)),
    u16 = |number| Json::Number(f64::from(*number)),
    u32 = |number| Json::Number(f64::from(*number)),
    u64 = |number| Json::Number(as_number(*number)),
    usize = |number| Json::Number(as_number(*number as u64)),
    f64 = |number| Json::Number(*number));
simple!("boolean": bool = |truth| Json::Bool(*truth));
simple!("string":
    String = |text| Json::text(&**text),
    &'static str = |text| Json::text(*text),
    char = |letter| Json::text(*letter));

/// Seeds, values and bytes lie far below 2^53.
#[expect(clippy::cast_precision_loss, reason = "see above")]
fn as_number(number: u64) -> f64 {
    number as f64
}

impl<T: Plain> Plain for Option<T> {
    fn plain(&self) -> Json {
        self.as_ref().map_or(Json::Null, T::plain)
    }

    fn kind() -> String {
        format!("{} | null", T::kind())
    }

    fn declare(shapes: &mut Shapes) {
        T::declare(shapes);
    }
}

impl<T: Plain> Plain for Vec<T> {
    fn plain(&self) -> Json {
        Json::List(self.iter().map(T::plain).collect())
    }

    fn kind() -> String {
        format!("{}[]", T::kind())
    }

    fn declare(shapes: &mut Shapes) {
        T::declare(shapes);
    }
}

impl<A: Plain, B: Plain> Plain for (A, B) {
    fn plain(&self) -> Json {
        Json::List(vec![self.0.plain(), self.1.plain()])
    }

    fn kind() -> String {
        format!("[{}, {}]", A::kind(), B::kind())
    }

    fn declare(shapes: &mut Shapes) {
        A::declare(shapes);
        B::declare(shapes);
    }
}

impl<A: Plain, B: Plain, C: Plain> Plain for (A, B, C) {
    fn plain(&self) -> Json {
        Json::List(vec![self.0.plain(), self.1.plain(), self.2.plain()])
    }

    fn kind() -> String {
        format!("[{}, {}, {}]", A::kind(), B::kind(), C::kind())
    }

    fn declare(shapes: &mut Shapes) {
        A::declare(shapes);
        B::declare(shapes);
        C::declare(shapes);
    }
}

/// `at_ms` as scripts write it: `atMs`.
#[must_use]
pub fn camel(name: &str) -> String {
    let mut after_bar = false;
    let letter = |letter: char| {
        if letter == '_' {
            after_bar = true;
            return None;
        }
        let upper = std::mem::take(&mut after_bar);
        Some(if upper { letter.to_ascii_uppercase() } else { letter })
    };
    name.chars().filter_map(letter).collect()
}

/// `PoweredOff` as scripts write it: `powered-off`.
#[must_use]
pub fn kebab(name: &str) -> String {
    let mut word = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !word.is_empty() {
            word.push('-');
        }
        word.push(letter.to_ascii_lowercase());
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;
    use view::{Tally, Tone};

    #[test]
    fn names_are_written_as_scripts_write_them() {
        assert_eq!(
            [camel("at_ms"), camel("cut_ab"), camel("why"), camel("latency_ms")],
            ["atMs", "cutAb", "why", "latencyMs"]
        );
        assert_eq!([kebab("PoweredOff"), kebab("Lost")], ["powered-off", "lost"]);
    }

    #[test]
    fn a_struct_is_an_object_and_a_choice_is_a_word() {
        let tally = Tally { acknowledged: 7, blocked_ms: 1.5, ..Tally::default() };
        let text = r#"{"acknowledged":7,"lost":0,"overwritten":0,"waiting":0,"unknown":0,"failed":0,"blockedMs":1.5}"#;
        assert_eq!(tally.plain().to_string(), text);
        assert_eq!((Tone::Lost, Some(3_u8)).plain().to_string(), r#"["lost",3]"#);
        assert_eq!(<Vec<(Tone, Option<u8>)>>::kind(), "[Tone, number | null][]");
    }
}
