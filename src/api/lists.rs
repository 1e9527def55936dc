//! What is built in: scenarios, protocols, the schema of a scenario; and the types for TypeScript.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::served;
use super::source::unknown;
use super::values::given;
use lab::export::EXPORTS;
use lab::plain::Plain;
use scenario::schema::schema as schema_of;
use scenario::{Json, preset, presets};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

#[wasm_bindgen(typescript_custom_section)]
const CALLS: &str = include_str!("calls.d.ts");

/// The built-in scenarios.
#[wasm_bindgen(unchecked_return_type = "ScenarioEntry[]")]
#[must_use]
pub fn scenarios() -> JsValue {
    given(&Json::List(presets(served()).map(Plain::plain).collect()))
}

/// The document of a built-in scenario, to be changed and played.
///
/// # Errors
/// There is none of this name.
#[wasm_bindgen(unchecked_return_type = "Scenario")]
pub fn scenario(name: &str) -> Result<JsValue, JsValue> {
    match preset(served(), name) {
        Some(preset) => Ok(given(&preset.document())),
        None => Err(unknown(name).into()),
    }
}

/// The protocols that a scenario can be about.
#[wasm_bindgen(unchecked_return_type = "ProtocolEntry[]")]
#[must_use]
pub fn protocols() -> JsValue {
    given(&Json::List(served().iter().map(|entry| entry.card.plain()).collect()))
}

/// The JSON Schema (draft 2020-12) of a scenario.
#[wasm_bindgen(unchecked_return_type = "object")]
#[must_use]
pub fn schema() -> JsValue {
    given(&schema_of(served()))
}

/// The kinds of files that a run can be exported as.
#[wasm_bindgen(unchecked_return_type = "ExportKind[]")]
#[must_use]
pub fn exports() -> JsValue {
    given(&Json::List(EXPORTS.iter().map(Plain::plain).collect()))
}
