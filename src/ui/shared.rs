//! A view handed to components without copying: two are equal when they are the same allocation.
//!
//! It keeps its allocation when a newly built view says the same, so that nothing is drawn twice.

use std::ops::Deref;
use std::rc::Rc;

/// A view that components hold and compare by address.
#[derive(Debug, Default)]
pub struct Shared<T>(Rc<T>);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Self {
        Self(Rc::new(value))
    }
}

impl<T: PartialEq> Shared<T> {
    /// Takes a newly built view; tells whether it says anything new.
    pub fn renew(&mut self, value: T) -> bool {
        let changed = *self.0 != value;
        if changed {
            self.0 = Rc::new(value);
        }
        changed
    }
}
