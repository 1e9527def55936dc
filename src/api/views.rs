//! What each panel of the page shows, for scripts.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::arguments::{instant, selection};
use super::class::Lab;
use super::values::told;
use lab::EventId;

#[wasm_bindgen]
impl Lab {
    /// The sentence about the promises.
    #[wasm_bindgen(unchecked_return_type = "Sentence")]
    #[must_use]
    pub fn sentence(&self) -> JsValue {
        told(&self.session().lab.borrow().sentence())
    }

    /// Nodes, links and clients.
    #[wasm_bindgen(unchecked_return_type = "Stage")]
    #[must_use]
    pub fn stage(&self) -> JsValue {
        told(&self.session().lab.borrow().stage())
    }

    /// Messages in flight.
    #[wasm_bindgen(unchecked_return_type = "Chip[]")]
    #[must_use]
    pub fn messages(&self) -> JsValue {
        told(&self.session().lab.borrow().chips())
    }

    /// The fate of the writes: counts, and the newest and the lost ones by name.
    #[wasm_bindgen(unchecked_return_type = "Ledger")]
    #[must_use]
    pub fn ledger(&self) -> JsValue {
        told(&self.session().lab.borrow().ledger(None))
    }

    /// The space-time diagram of a stretch of time, as far as it is known.
    ///
    /// # Errors
    /// A bad argument.
    #[wasm_bindgen(unchecked_return_type = "Timeline")]
    pub fn timeline(&self, from: f64, to: f64) -> Result<JsValue, JsValue> {
        let (from, to) = (instant(from, "from")?, instant(to, "to")?);
        Ok(told(&self.session().lab.borrow().timeline(from, to)))
    }

    /// The whole run on one axis, as far as it is known.
    #[wasm_bindgen(unchecked_return_type = "Overview")]
    #[must_use]
    pub fn overview(&self) -> JsValue {
        told(&self.session().lab.borrow().overview())
    }

    /// The promises and what became of them.
    #[wasm_bindgen(unchecked_return_type = "Verdict[]")]
    #[must_use]
    pub fn verdicts(&self) -> JsValue {
        told(&self.session().lab.borrow().verdicts())
    }

    /// A node, a link, a message, an event or a write, explained, with the chain of causes; null if
    /// there is nothing of that name any more.
    ///
    /// # Errors
    /// It names nothing.
    #[wasm_bindgen(unchecked_return_type = "Inspector | null")]
    pub fn inspect(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Selection")] what: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let lab = self.session().lab.borrow();
        let selection = selection(what, lab.run().view().nodes.count())?;
        Ok(told(&lab.inspect(selection)))
    }

    /// State changes in words, after the event of this number; without one, all that are kept.
    #[wasm_bindgen(unchecked_return_type = "LogLine[]")]
    #[must_use]
    pub fn log(&self, #[wasm_bindgen(js_name = sinceEvent)] since: Option<u32>) -> JsValue {
        told(&self.session().lab.borrow().log_since(EventId(since.unwrap_or(0))))
    }
}
