//! A part of the page that is drawn anew only when what it shows has changed.
//!
//! One component for all of them: a component of the library weighs kilobytes, a function does
//! not.

use std::any::Any;
use std::rc::Rc;
use yew::prelude::*;

/// What a panel shows, and how it is drawn.
trait Drawn {
    fn draw(&self) -> Html;
    fn says_the_same(&self, other: &dyn Drawn) -> bool;
    fn as_any(&self) -> &dyn Any;
}

struct Made<P> {
    shows: P,
    draws: fn(&P) -> Html,
}

impl<P: PartialEq + 'static> Drawn for Made<P> {
    fn draw(&self) -> Html {
        (self.draws)(&self.shows)
    }

    fn says_the_same(&self, other: &dyn Drawn) -> bool {
        let other = other.as_any().downcast_ref::<Self>();
        other.is_some_and(|other| other.shows == self.shows)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The one component.
struct Panel;

#[derive(Clone, Properties)]
struct PanelProps {
    drawn: Rc<dyn Drawn>,
}

impl PartialEq for PanelProps {
    fn eq(&self, other: &Self) -> bool {
        self.drawn.says_the_same(&*other.drawn)
    }
}

impl Component for Panel {
    type Message = ();
    type Properties = PanelProps;

    fn create(_: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, context: &Context<Self>) -> Html {
        context.props().drawn.draw()
    }
}

/// A panel that shows this, drawn by this function.
pub fn panel<P: PartialEq + 'static>(shows: P, draws: fn(&P) -> Html) -> Html {
    html! { <Panel drawn={Rc::new(Made { shows, draws }) as Rc<dyn Drawn>} /> }
}
