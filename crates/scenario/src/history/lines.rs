//! Reads the records of a history and collects what is wrong with them.

use super::fields::{Fields, Read, name, pair, wrong};
use super::format::{Format, records};
use super::mistake::{Mistake, OTHERS, Problem};
use super::names::Names;
use super::porcupine::{Timed, timed};
use super::texts::StringInterner;
use super::{End, Entry, Function, Model, Recorded};
use crate::json::Json;

/// So many mistakes are listed; of the others, how many there are.
const LISTED: usize = 20;

const BOTH: [Model; 2] = [Model::Register, Model::KeyValue];

/// Reads all records.
pub fn read(text: &str, format: Format, model: Option<Model>) -> Result<Recorded, Vec<Problem>> {
    let mut reader = Reader::new(format, model);
    let mut problems = Problems { format, found: Vec::new(), more: None };
    if format == Format::Porcupine {
        reader.operations(text, &mut problems);
    } else {
        records(text, format, |line, json| {
            let read = json.and_then(|json| reader.record(line, &json));
            if let Err(mistake) = read {
                problems.add(mistake, line, count(reader.history.lines.len()));
            }
        });
    }
    reader.history.model = reader.model.unwrap_or(Model::Register);
    problems.over(reader.history)
}

/// What was found wrong, up to a number.
struct Problems {
    format: Format,
    found: Vec<Problem>,
    more: Option<(u32, usize)>,
}

impl Problems {
    fn add(&mut self, mistake: Mistake, line: u32, record: u32) {
        if self.found.len() < LISTED || matches!(mistake, Mistake::OutOfScope { .. }) {
            self.found.push(Problem { mistake, line, record, format: Some(self.format) });
        } else {
            self.more = Some(self.more.map_or((line, 1), |(first, count)| (first, count + 1)));
        }
    }

    /// The history, if nothing is wrong. Where it is of another kind, nothing else is worth telling.
    fn over(mut self, history: Recorded) -> Result<Recorded, Vec<Problem>> {
        let other = |problem: &Problem| matches!(problem.mistake, Mistake::OutOfScope { .. });
        if let Some(place) = self.found.iter().position(other) {
            self.found = vec![self.found.swap_remove(place)];
        } else if let Some((line, count)) = self.more {
            let (mistake, format) = (Mistake::More { count }, Some(self.format));
            self.found.push(Problem { mistake, line, record: 0, format });
        }
        let by_record = history.lines.windows(2).any(|pair| pair[0] == pair[1]);
        let by_record = by_record && self.format != Format::Porcupine;
        for problem in self.found.iter_mut().filter(|_| !by_record) {
            problem.record = 0;
        }
        let history = Recorded { by_record, ..history };
        if self.found.is_empty() { Ok(history) } else { Err(self.found) }
    }
}

struct Reader {
    model: Option<Model>,
    asked: Option<Model>,
    history: Recorded,
    /// By process: its open operation, or that an invocation with a mistake may be open.
    open: Vec<Open>,
    /// How the first invocation gave its key, and its line.
    keyed: Option<(Keyed, u32)>,
    line: u32,
}

/// How an operation names its key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keyed {
    /// In a field.
    Field,
    /// Before its value: `[key value]`.
    Pair,
    /// Not at all: there is one register.
    One,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Operation(usize),
    Mistaken,
}

impl Reader {
    fn new(format: Format, asked: Option<Model>) -> Self {
        let mut history = Recorded {
            model: Model::Register,
            format,
            marks: 0,
            entries: Vec::new(),
            processes: Names::default(),
            keys: Names::default(),
            values: Names::default(),
            texts: StringInterner::default(),
            lines: Vec::new(),
            by_record: false,
            initial: 0,
        };
        // The first value of a register has number 0, as the first text has.
        history.values.number(&Json::Null);
        Self { model: asked, asked, history, open: Vec::new(), keyed: None, line: 0 }
    }

    /// Porcupine's operations, each as a process of its own until all are read.
    fn operations(&mut self, text: &str, problems: &mut Problems) {
        let (mut all, mut lines) = (Vec::new(), Vec::new());
        records(text, Format::Porcupine, |line, json| match json {
            Ok(json) => {
                all.push(json);
                lines.push(line);
            }
            Err(mistake) => problems.add(mistake, line, 0),
        });
        let Timed { records, clients } = match timed(&all) {
            Ok(timed) => timed,
            Err(wrong) => {
                wrong
                    .into_iter()
                    .for_each(|(place, mistake)| problems.add(mistake, lines[place], 0));
                return;
            }
        };
        for record in records {
            let line = lines[record.operation as usize];
            if let Err(mistake) = self.record(line, &record.json) {
                problems.add(mistake, line, 0);
            }
        }
        let asked = core::mem::take(&mut self.history.processes);
        for entry in &mut self.history.entries {
            let place = asked.json(entry.process).as_number().unwrap_or_default();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place")]
            let client = clients.get(place as usize).unwrap_or(&Json::Null);
            entry.process = self.history.processes.number(client);
        }
    }

    /// The number of the record that is read.
    fn here(&self) -> u32 {
        count(self.history.lines.len())
    }

    fn record(&mut self, line: u32, json: &Json) -> Read<()> {
        self.line = line;
        self.history.lines.push(line);
        let Json::Object(_) = json else {
            return Err(wrong("the record", json, "an object"));
        };
        let fields = Fields(json);
        if let Some(name) = fields.misspelled() {
            return Err(Mistake::UnknownField { name: name.to_owned() });
        }
        let process = name("process", fields.get("process")?)?;
        if process.as_text().is_some_and(|name| name == "nemesis" || name.starts_with(':')) {
            self.history.marks += 1;
            return Ok(());
        }
        let process = self.history.processes.number(process);
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
            let line = self.line_of(self.history.entries[number]);
            return Err(Mistake::AlreadyOpen { process: self.name_of(process), line });
        }
        // Its end would otherwise be a second mistake.
        self.open[process as usize] = Open::Mistaken;
        let f = self.f(fields)?;
        let (keyed, key, value) = self.key(f, fields)?;
        let function = self.function(f, value)?;
        let (first, line) = *self.keyed.get_or_insert((keyed, self.line));
        if keyed != first {
            return Err(Mistake::MixedKeys { line });
        }
        let key = self.history.keys.number(key);
        let call = self.here();
        let entry = Entry { process, key, function, end: End::Unknown, call, ended: 0 };
        self.open[process as usize] = Open::Operation(self.history.entries.len());
        self.history.entries.push(entry);
        Ok(())
    }

    /// How an invocation names its key, the key, and its value without the key.
    fn key<'a>(&self, f: &str, fields: &Fields<'a>) -> Read<(Keyed, &'a Json, Option<&'a Json>)> {
        let value = fields.0.field("value");
        if let Some(key) = fields.0.field("key").filter(|key| **key != Json::Null) {
            return Ok((Keyed::Field, name("key", key)?, value));
        }
        let of_key = value.and_then(pair).filter(|(_, of)| f != "cas" || pair(of).is_some());
        match of_key {
            Some((key, value)) => Ok((Keyed::Pair, name("the key", key)?, Some(value))),
            None => Ok((Keyed::One, &Json::Null, value)),
        }
    }

    /// The function with its values, as it was called. What a read has for a value then means nothing.
    fn function(&mut self, f: &str, value: Option<&Json>) -> Read<Function> {
        if matches!(f, "read" | "get") {
            return Ok(Function::Read(0));
        }
        let value = value.ok_or(Mistake::MissingField { name: "value" })?;
        Ok(match f {
            "write" => Function::Write(self.register(value)?),
            "put" => Function::Write(self.text(value)?),
            "append" => Function::Append(self.text(value)?),
            _ => {
                let Some((expected, new)) = pair(value) else {
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
            let found = found.to_owned();
            let other = OTHERS.iter().find(|(functions, ..)| functions.contains(&found.as_str()));
            if let Some((_, of, tool)) = other {
                return Err(Mistake::OutOfScope { found, of, tool });
            }
            let known = all.filter(known).map(|(_, f)| f).collect();
            return Err(Mistake::UnknownFunction { found, known });
        };
        match self.model.get_or_insert(model) {
            before if *before == model => Ok(f),
            before => Err(Mistake::MixedModels { found: f, known: before.functions() }),
        }
    }

    fn register(&mut self, value: &Json) -> Read<u32> {
        match value {
            Json::List(_) | Json::Object(_) => {
                Err(wrong("value", value, "a number, a string, true, false or null"))
            }
            value => Ok(self.history.values.number(value)),
        }
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
        let other = |name| Err(Mistake::OtherOperation { name, line: self.line_of(entry) });
        let f = self.f_of(entry.function);
        if fields.word("f")? != f {
            return other("f");
        }
        let key = self.history.keys.json(entry.key);
        if fields.0.field("key").is_some_and(|told| *told != Json::Null && *told != key) {
            return other("key");
        }
        let mut value = fields.value();
        if matches!(self.keyed, Some((Keyed::Pair, _))) && kind == "ok" {
            value = match value.map(pair) {
                Some(Some((told, value))) if *told == key => Some(value),
                None => None,
                _ => return other("value"),
            };
        }
        let answer = |reader: &mut Self| reader.answer(&entry, f, fields, value);
        let function = if kind == "ok" { answer(self)? } else { entry.function };
        let end = match kind {
            "ok" => End::Ok,
            "fail" => End::Failed,
            _ => End::Unknown,
        };
        self.history.entries[number] = Entry { function, end, ended: self.here(), ..entry };
        Ok(())
    }

    /// The function with what was answered.
    fn answer(
        &mut self,
        entry: &Entry,
        f: &str,
        fields: &Fields<'_>,
        value: Option<&Json>,
    ) -> Read<Function> {
        if let Function::Read(_) = entry.function {
            fields.get("value")?;
            return Ok(Function::Read(match (self.model, value.unwrap_or(&Json::Null)) {
                (Some(Model::KeyValue), Json::Null) => 0,
                (Some(Model::KeyValue), value) => self.text(value)?,
                (_, value) => self.register(value)?,
            }));
        }
        let same = Ok(entry.function);
        if value.is_some_and(|value| *value != Json::Null) && self.function(f, value) != same {
            return Err(Mistake::OtherOperation { name: "value", line: self.line_of(*entry) });
        }
        let Function::Swap { expected, new, .. } = entry.function else { return same };
        // Jepsen has no such field: there, `ok` says that it was applied.
        match fields.0.field("applied").unwrap_or(&Json::Bool(true)) {
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

    fn line_of(&self, entry: Entry) -> u32 {
        self.history.lines.get(entry.call as usize - 1).copied().unwrap_or(0)
    }

    fn name_of(&self, process: u32) -> String {
        self.history.processes.json(process).to_string()
    }
}

/// A file has fewer records than 2^32.
fn count(records: usize) -> u32 {
    u32::try_from(records).unwrap_or(u32::MAX)
}
