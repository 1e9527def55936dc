//! A JSON Schema as declarations of TypeScript: what may stand in a scenario and in its script.

use replicarium::scenario::Json;

/// `Scenario`, `ScriptLine` and `Action`, and the delays that they are made of.
pub fn declarations(schema: &Json) -> String {
    let mut text = String::new();
    let script = schema.at("properties.script").expect("a scenario has a script");
    let lines = script.at("items.anyOf").expect("a script has lines").elements();
    for (name, json) in [("Delay", "delay"), ("WeightedDelay", "weighted_delay")] {
        let delay = schema.at(&format!("$defs.{json}")).expect("it is defined");
        text += &format!("\nexport interface {name} {}\n", kind(delay, ""));
    }
    let timed = "A line of a script: what is done to the cluster, and when.";
    text += &union("ScriptLine", timed, lines.iter().map(|line| kind(line, "  ")));
    let untimed = |line: &Json| {
        let mut line = line.clone();
        let Json::Object(fields) = &mut line else { unreachable!("a line is an object") };
        let properties = fields.iter_mut().find(|(name, _)| name == "properties");
        properties.expect("a line has fields").1.remove("at_ms");
        kind(&line, "  ")
    };
    let doc = "What can be done to a cluster: a line of a script without its time.";
    text += &union("Action", doc, lines.iter().map(untimed));
    let mut scenario = schema.clone();
    scenario.set("properties.script.items", Json::object([("$ref", "#/$defs/script_line".into())]));
    let doc = "A scenario: a run as it is typed. Names are those of the file format.";
    text + &format!("\n/** {doc} */\nexport interface Scenario {}\n", kind(&scenario, ""))
}

fn union(name: &str, doc: &str, kinds: impl Iterator<Item = String>) -> String {
    let kinds: String = kinds.map(|kind| format!("\n  | {kind}")).collect();
    format!("\n/** {doc} */\nexport type {name} ={kinds};\n")
}

fn kind(schema: &Json, indent: &str) -> String {
    let text = |name: &str| schema.field(name).and_then(Json::as_text);
    if let Some(reference) = text("$ref") {
        return match reference.trim_start_matches("#/$defs/") {
            "delay" => "Delay".to_owned(),
            "weighted_delay" => "WeightedDelay".to_owned(),
            "script_line" => "ScriptLine".to_owned(),
            other => panic!("{other} is not declared"),
        };
    }
    if let Some(constant) = schema.field("const") {
        return quoted(constant);
    }
    if let Some(words) = schema.field("enum") {
        return words.elements().iter().map(quoted).collect::<Vec<_>>().join(" | ");
    }
    if let Some(either) = schema.field("oneOf").or(schema.field("anyOf")) {
        let mut kinds: Vec<String> =
            either.elements().iter().map(|one| kind(one, indent)).collect();
        kinds.dedup();
        return kinds.join(" | ");
    }
    match schema.field("type") {
        Some(Json::List(types)) => {
            types.iter().filter_map(Json::as_text).map(simple).collect::<Vec<_>>().join(" | ")
        }
        Some(Json::Text(name)) => match name.as_str() {
            "object" => object(schema, indent),
            "array" => {
                let of = schema.field("items").map_or("unknown".to_owned(), |of| kind(of, indent));
                if of.contains(" | ") { format!("({of})[]") } else { format!("{of}[]") }
            }
            other => simple(other).to_owned(),
        },
        _ => panic!("{schema} has no type"),
    }
}

fn object(schema: &Json, indent: &str) -> String {
    let required: Vec<&str> = schema
        .field("required")
        .map_or(&[][..], Json::elements)
        .iter()
        .filter_map(Json::as_text)
        .collect();
    let Some(Json::Object(properties)) = schema.field("properties") else {
        return "object".to_owned();
    };
    let inner = format!("{indent}  ");
    let mut text = "{\n".to_owned();
    for (name, property) in properties {
        if let Some(doc) = property.field("description").and_then(Json::as_text) {
            text += &format!("{inner}/** {doc} */\n");
        }
        let mark = if required.contains(&name.as_str()) { "" } else { "?" };
        text += &format!("{inner}{name}{mark}: {};\n", kind(property, &inner));
    }
    text + indent + "}"
}

fn simple(name: &str) -> &'static str {
    match name {
        "number" | "integer" => "number",
        "boolean" => "boolean",
        "string" => "string",
        "null" => "null",
        other => panic!("{other} is no simple type"),
    }
}

fn quoted(word: &Json) -> String {
    word.as_text().map_or_else(|| word.to_string(), |word| format!("'{word}'"))
}
