//! Reads the lines of a history and collects what is wrong with them.

use super::mistake::{FIELDS, Mistake, Problem};
use super::names::Names;
use super::texts::Ropes;
use super::{End, Entry, Function, Model, Recorded};
use crate::scenario::json::{Json, Misprint, parse};

/// So many mistakes are listed; of the others, how many there are.
const LISTED: usize = 20;

/// Numbers from here on may have been rounded.
const EXACT: f64 = 9_007_199_254_740_992.0;

const BOTH: [Model; 2] = [Model::Register, Model::KeyValue];

/// Reads all lines.
pub fn read(text: &str, model: Option<Model>) -> Result<Recorded, Vec<Problem>> {
    let mut reader = Reader {
        model,
        asked: model,
        history: Recorded {
            model: Model::Register,
            entries: Vec::new(),
            processes: Names::default(),
            keys: Names::default(),
            values: Names::default(),
            texts: Ropes::default(),
        },
        open: Vec::new(),
        line: 0,
    };
    // The first value of a register has number 0, as the first text has.
    reader.history.values.number(&Json::Null);
    let mut problems: Vec<Problem> = Vec::new();
    let mut more: Option<(u32, usize)> = None;
    for line in text.lines() {
        reader.line += 1;
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        let Err(mistake) = reader.line(line) else { continue };
        if problems.len() < LISTED {
            problems.push(Problem { mistake, line: reader.line });
        } else {
            more = Some(more.map_or((reader.line, 1), |(first, count)| (first, count + 1)));
        }
    }
    if let Some((line, count)) = more {
        problems.push(Problem { mistake: Mistake::More { count }, line });
    }
    reader.history.model = reader.model.unwrap_or(Model::Register);
    if problems.is_empty() { Ok(reader.history) } else { Err(problems) }
}

struct Reader {
    model: Option<Model>,
    asked: Option<Model>,
    history: Recorded,
    /// By process: its open operation, or that an invocation with a mistake may be open.
    open: Vec<Open>,
    line: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Operation(usize),
    Mistaken,
}

type Read<T> = Result<T, Mistake>;

/// The fields of a line.
struct Fields<'a>(&'a Json);

impl<'a> Fields<'a> {
    fn get(&self, name: &'static str) -> Read<&'a Json> {
        self.0.field(name).ok_or(Mistake::MissingField { name })
    }

    fn word(&self, name: &'static str) -> Read<&'a str> {
        let json = self.get(name)?;
        json.as_text().ok_or_else(|| wrong(name, json, "a string"))
    }

    /// A number or a string that names something.
    fn name(&self, name: &'static str) -> Read<&'a Json> {
        let json = self.get(name)?;
        match json {
            Json::Text(_) | Json::Number(_) => scalar(name, json),
            other => Err(wrong(name, other, "a whole number or a string")),
        }
    }

    /// The value, if it is there and not `null`.
    fn value(&self) -> Option<&'a Json> {
        self.0.field("value").filter(|value| **value != Json::Null)
    }
}

fn wrong(name: &'static str, found: &Json, wanted: &'static str) -> Mistake {
    Mistake::WrongType { name, found: found.word(), wanted }
}

fn scalar<'a>(name: &'static str, json: &'a Json) -> Read<&'a Json> {
    match json {
        Json::Number(number) if number.abs() >= EXACT || libm::floor(*number) != *number => {
            Err(Mistake::InexactNumber { name })
        }
        Json::List(_) | Json::Object(_) => {
            Err(wrong(name, json, "a whole number, a string, true, false or null"))
        }
        _ => Ok(json),
    }
}

impl Reader {
    fn line(&mut self, line: &str) -> Read<()> {
        let json = parse(line)
            .map_err(|Misprint { column, what, .. }| Mistake::NotJson { column, what })?;
        let Json::Object(fields) = &json else {
            return Err(wrong("the line", &json, "an object"));
        };
        let known = |name: &String| FIELDS.contains(&name.as_str());
        if let Some((name, _)) = fields.iter().find(|(name, _)| !known(name)) {
            return Err(Mistake::UnknownField { name: name.clone() });
        }
        let fields = Fields(&json);
        let process = self.history.processes.number(fields.name("process")?);
        self.open.resize(self.open.len().max(process as usize + 1), Open::Nothing);
        let kind = fields.word("type")?;
        match kind {
            "invoke" => self.invoke(process, &fields),
            "ok" | "fail" | "info" => self.end(process, kind, &fields),
            other => Err(Mistake::UnknownType { found: other.to_owned() }),
        }
    }

    fn invoke(&mut self, process: u32, fields: &Fields<'_>) -> Read<()> {
        if let Open::Operation(number) = self.open[process as usize] {
            let (process, line) = (self.name_of(process), self.history.entries[number].call);
            return Err(Mistake::AlreadyOpen { process, line });
        }
        // Its end would otherwise be a second mistake.
        self.open[process as usize] = Open::Mistaken;
        let function = self.function(fields)?;
        let key = self.history.keys.number(fields.name("key")?);
        let entry = Entry { process, key, function, end: End::Unknown, call: self.line, ended: 0 };
        self.open[process as usize] = Open::Operation(self.history.entries.len());
        self.history.entries.push(entry);
        Ok(())
    }

    /// The function with its values, as it was called.
    fn function(&mut self, fields: &Fields<'_>) -> Read<Function> {
        let f = self.f(fields)?;
        if matches!(f, "read" | "get") {
            let found = fields.value().map(|value| wrong("value", value, "null when it is called"));
            return found.map_or(Ok(Function::Read(0)), Err);
        }
        let value = fields.get("value")?;
        Ok(match f {
            "write" => Function::Write(self.register(value)?),
            "put" => Function::Write(self.text(value)?),
            "append" => Function::Append(self.text(value)?),
            _ => {
                let [expected, new] = value.elements() else {
                    return Err(wrong("value", value, "a list of the expected and the new value"));
                };
                let (expected, new) = (self.register(expected)?, self.register(new)?);
                Function::Swap { expected, new, applied: false }
            }
        })
    }

    /// The function's name. The first one says what the history is about, if nobody else does.
    fn f(&mut self, fields: &Fields<'_>) -> Read<&'static str> {
        let found = fields.word("f")?;
        let all = BOTH.iter().flat_map(|m| m.functions().iter().map(|f| (*m, *f)));
        let known = |(model, _): &(Model, &str)| self.asked.is_none_or(|asked| *model == asked);
        let Some((model, f)) = all.clone().filter(known).find(|(_, f)| *f == found) else {
            let known = all.filter(known).map(|(_, f)| f).collect();
            return Err(Mistake::UnknownFunction { found: found.to_owned(), known });
        };
        match self.model.get_or_insert(model) {
            before if *before == model => Ok(f),
            before => Err(Mistake::MixedModels { found: f, known: before.functions() }),
        }
    }

    fn register(&mut self, value: &Json) -> Read<u32> {
        Ok(self.history.values.number(scalar("value", value)?))
    }

    fn text(&mut self, value: &Json) -> Read<u32> {
        let text = value.as_text().ok_or_else(|| wrong("value", value, "a string"))?;
        Ok(self.history.texts.number(text))
    }

    fn end(&mut self, process: u32, kind: &str, fields: &Fields<'_>) -> Read<()> {
        let number = match core::mem::replace(&mut self.open[process as usize], Open::Nothing) {
            Open::Operation(number) => number,
            Open::Mistaken => return Ok(()),
            Open::Nothing => {
                let kind = kind.to_owned();
                return Err(Mistake::NoInvocation { process: self.name_of(process), kind });
            }
        };
        let entry = self.history.entries[number];
        let other = |name| Err(Mistake::OtherOperation { name, line: entry.call });
        if self.f(fields)? != self.f_of(entry.function) {
            return other("f");
        }
        if self.history.keys.number(fields.name("key")?) != entry.key {
            return other("key");
        }
        let function = if kind == "ok" { self.answer(&entry, fields)? } else { entry.function };
        let end = match kind {
            "ok" => End::Ok,
            "fail" => End::Failed,
            _ => End::Unknown,
        };
        self.history.entries[number] = Entry { function, end, ended: self.line, ..entry };
        Ok(())
    }

    /// The function with what was answered.
    fn answer(&mut self, entry: &Entry, fields: &Fields<'_>) -> Read<Function> {
        if let Function::Read(_) = entry.function {
            let value = fields.get("value")?;
            return Ok(Function::Read(match (self.model, value) {
                (Some(Model::KeyValue), Json::Null) => 0,
                (Some(Model::KeyValue), value) => self.text(value)?,
                _ => self.register(value)?,
            }));
        }
        let same = Ok(entry.function);
        if fields.value().is_some() && self.function(fields) != same {
            return Err(Mistake::OtherOperation { name: "value", line: entry.call });
        }
        let Function::Swap { expected, new, .. } = entry.function else { return same };
        match fields.get("applied")? {
            Json::Bool(applied) => Ok(Function::Swap { expected, new, applied: *applied }),
            found => Err(wrong("applied", found, "true or false")),
        }
    }

    fn f_of(&self, function: Function) -> &'static str {
        let functions = self.model.unwrap_or(Model::Register).functions();
        match function {
            Function::Read(_) => functions[0],
            Function::Write(_) => functions[1],
            Function::Swap { .. } | Function::Append(_) => functions[2],
        }
    }

    fn name_of(&self, process: u32) -> String {
        self.history.processes.json(process).to_string()
    }
}
