//! The shapes of plain values, gathered to be declared in TypeScript.
//!
//! It knows names and kinds; the sentences beside them stand at the structs themselves.

use super::{Plain, camel, kebab};

/// One declaration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shape {
    /// What TypeScript calls it.
    pub name: String,
    /// The path of the Rust type.
    pub path: &'static str,
    /// What it consists of.
    pub of: ShapeKind,
}

/// What a declaration consists of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ShapeKind {
    /// An object: its Rust fields, what scripts call them, and their kinds.
    Fields(Vec<(&'static str, String, String)>),
    /// One of some words: its Rust variants, and the words.
    Words(Vec<(&'static str, String)>),
    /// Written by hand.
    Text(&'static str),
}

/// Declarations, each once, in the order in which they were met.
#[derive(Clone, Default, Debug)]
pub struct Shapes {
    /// What is declared.
    pub all: Vec<Shape>,
    open: usize,
}

impl Shapes {
    /// Begins a declaration. Says whether it was not there yet.
    pub fn opens<T: Plain>(&mut self) -> bool {
        self.begins::<T>(ShapeKind::Words(Vec::new()))
    }

    /// Declares in words of TypeScript.
    pub fn text<T: Plain>(&mut self, text: &'static str) {
        self.begins::<T>(ShapeKind::Text(text));
    }

    fn begins<T: Plain>(&mut self, of: ShapeKind) -> bool {
        let (name, path) = (T::kind(), core::any::type_name::<T>());
        let name = name.split('<').next().unwrap_or_default().to_owned();
        if let Some(known) = self.all.iter().find(|shape| shape.name == name) {
            let bare = |path: &'static str| path.split('<').next();
            assert_eq!(bare(known.path), bare(path), "two types are called {name}");
            return false;
        }
        self.open = self.all.len();
        self.all.push(Shape { name, path, of });
        true
    }

    /// A field of the declaration that was begun, found where `get` finds it.
    pub fn field<S, T: Plain>(&mut self, field: &'static str, _get: fn(&S) -> &T) {
        let open = self.open;
        let named = (field, camel(field), T::kind());
        match &mut self.all[open].of {
            ShapeKind::Fields(fields) => fields.push(named),
            of => *of = ShapeKind::Fields(vec![named]),
        }
        T::declare(self);
        self.open = open;
    }

    /// A word of the declaration that was begun.
    pub fn word(&mut self, variant: &'static str) {
        if let ShapeKind::Words(words) = &mut self.all[self.open].of {
            words.push((variant, kebab(variant)));
        }
    }
}
