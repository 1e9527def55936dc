//! Mistakes of people as scripts meet them: an `Error` with `code`, `what`, `where`, `fix`, and
//! `problems` with all of them when a document has several.

use js_sys::{Array, Error, Object, Reflect};
use wasm_bindgen::JsValue;

use scenario::Problem;

/// One mistake, or all of a document's.
#[derive(Debug)]
pub struct Mistake(Vec<Told>);

#[derive(Debug)]
struct Told {
    code: &'static str,
    what: String,
    at: String,
    fix: String,
}

impl Mistake {
    /// A mistake in calling the lab.
    pub fn new(
        code: &'static str,
        what: impl Into<String>,
        at: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self(vec![Told { code, what: what.into(), at: at.into(), fix: fix.into() }])
    }

    /// An argument of the wrong kind.
    pub fn argument(at: &str, what: &str, fix: impl Into<String>) -> Self {
        Self::new("lab/bad-argument", what, at, fix)
    }
}

impl Mistake {
    /// The same, in a document that is an argument of this name.
    #[must_use]
    pub fn within(mut self, argument: &str) -> Self {
        for told in &mut self.0 {
            let whole = told.at == THE_DOCUMENT;
            told.at = if whole { argument.to_owned() } else { format!("{argument}.{}", told.at) };
        }
        self
    }
}

const THE_DOCUMENT: &str = "the document";

impl From<Problem> for Mistake {
    fn from(problem: Problem) -> Self {
        vec![problem].into()
    }
}

impl From<Vec<Problem>> for Mistake {
    fn from(problems: Vec<Problem>) -> Self {
        let told = |Problem { mistake, at }: Problem| Told {
            code: mistake.id(),
            what: mistake.what(),
            at: if at.is_empty() { THE_DOCUMENT.to_owned() } else { at },
            fix: mistake.fix(),
        };
        Self(problems.into_iter().map(told).collect())
    }
}

impl From<Mistake> for JsValue {
    fn from(mistake: Mistake) -> Self {
        let Some(first) = mistake.0.first() else { return Error::new("unknown").into() };
        let more = match mistake.0.len() {
            1 => String::new(),
            all => format!(" (the first of {all} mistakes)"),
        };
        let Told { code, what, at, fix } = first;
        let error = Error::new(&format!("{code}: {what}{more}\n  where: {at}\n  fix:   {fix}"));
        describe(&error, first);
        let problems: Array = mistake
            .0
            .iter()
            .map(|told| {
                let problem = Object::new();
                describe(&problem, told);
                problem
            })
            .collect();
        set(&error, "problems", &problems);
        error.into()
    }
}

fn describe(object: &JsValue, told: &Told) {
    set(object, "code", &told.code.into());
    set(object, "what", &(&*told.what).into());
    set(object, "where", &(&*told.at).into());
    set(object, "fix", &(&*told.fix).into());
}

/// Both are objects of our own making, which take every field.
fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _always = Reflect::set(object, &name.into(), value);
}
