//! Delays as typed: sums of named parts.

use engine::base::Span;
use engine::base::delay::{Delay, DelayPart};

use crate::form::{Fields, Form, Kind, Place, Row, Slot, described, read_into, written};
use crate::json::Json;
use crate::slot::{Amount, Millis, MillisRange};

use super::LONGEST_MS;

/// A delay, given as a whole: a part left out is no part of it.
pub struct DelayOf<'a>(pub &'a mut Delay);

impl Slot for DelayOf<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        let mut parts = Parts::default();
        read_into(&mut parts, json, place);
        *self.0 = parts.meant();
    }

    fn write(&mut self) -> Json {
        Parts::of(self.0).short()
    }

    fn kind(&mut self) -> Kind {
        Kind::Named("delay")
    }
}

/// A delay or `null`.
pub struct MaybeDelay<'a>(pub &'a mut Option<Delay>);

impl Slot for MaybeDelay<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        *self.0 = (*json != Json::Null).then(|| {
            let mut delay = Delay::default();
            DelayOf(&mut delay).read(json, place);
            delay
        });
    }

    fn write(&mut self) -> Json {
        self.0.as_mut().map_or(Json::Null, |delay| DelayOf(delay).write())
    }

    fn kind(&mut self) -> Kind {
        Kind::Either(vec![Kind::Named("delay"), Kind::Null])
    }
}

/// A delay; one that is always the same may be typed as a number of milliseconds.
pub struct DelayOrMillis<'a>(pub &'a mut Delay);

impl DelayOrMillis<'_> {
    fn always(&self) -> Option<f64> {
        match self.0.parts() {
            [] => Some(0.0),
            [DelayPart::Constant(micros)] => Some(micros / 1_000.0),
            _ => None,
        }
    }
}

impl Slot for DelayOrMillis<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        if let Json::Object(_) = json {
            return DelayOf(self.0).read(json, place);
        }
        let mut always = Span::ZERO;
        Millis(&mut always, 0.0, LONGEST_MS).read(json, place);
        *self.0 = if always == Span::ZERO { Delay::default() } else { Delay::constant(always) };
    }

    fn write(&mut self) -> Json {
        self.always().map_or_else(|| DelayOf(self.0).write(), Json::Number)
    }

    fn kind(&mut self) -> Kind {
        let mut always = Span::ZERO;
        Kind::Either(vec![Millis(&mut always, 0.0, LONGEST_MS).kind(), Kind::Named("delay")])
    }
}

/// The same or `null`.
pub struct MaybeDelayOrMillis<'a>(pub &'a mut Option<Delay>);

impl Slot for MaybeDelayOrMillis<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        *self.0 = (*json != Json::Null).then(|| {
            let mut delay = Delay::default();
            DelayOrMillis(&mut delay).read(json, place);
            delay
        });
    }

    fn write(&mut self) -> Json {
        self.0.as_mut().map_or(Json::Null, |delay| DelayOrMillis(delay).write())
    }

    fn kind(&mut self) -> Kind {
        let mut always = Span::ZERO;
        let millis = Millis(&mut always, 0.0, LONGEST_MS).kind();
        Kind::Either(vec![millis, Kind::Named("delay"), Kind::Null])
    }
}

/// The fields of a delay, described.
#[must_use]
pub fn delay_rows() -> Vec<Row> {
    described(&mut Parts::default())
}

/// The fields of one of a mixture's delays, described.
#[must_use]
pub fn weighted_delay_rows() -> Vec<Row> {
    described(&mut Weighted::default())
}

/// A delay's parts as typed; what is zero is not there.
#[derive(Clone, Default, Debug)]
struct Parts {
    constant: f64,
    base: f64,
    uniform: Option<(Span, Span)>,
    exponential: f64,
    lognormal: Option<LogNormal>,
    pareto: Option<Pareto>,
    mixture: Vec<Weighted>,
}

#[derive(Clone, Copy, Debug)]
struct LogNormal {
    median: f64,
    sigma: f64,
}

#[derive(Clone, Copy, Debug)]
struct Pareto {
    scale: f64,
    shape: f64,
}

/// One of the delays of a mixture.
#[derive(Clone, Debug)]
struct Weighted {
    weight: f64,
    parts: Parts,
}

impl Default for Weighted {
    fn default() -> Self {
        Self { weight: 1.0, parts: Parts::default() }
    }
}

impl Parts {
    fn of(delay: &Delay) -> Self {
        let mut parts = Self::default();
        for part in delay.parts() {
            match part {
                DelayPart::Constant(c) if delay.parts().len() == 1 => parts.constant += c / 1_000.0,
                DelayPart::Constant(c) => parts.base += c / 1_000.0,
                DelayPart::Uniform(a, b) => parts.uniform = Some((span(*a), span(*b))),
                DelayPart::Exponential(mean) => parts.exponential = mean / 1_000.0,
                DelayPart::LogNormal { median, sigma } => {
                    parts.lognormal = Some(LogNormal { median: median / 1_000.0, sigma: *sigma });
                }
                DelayPart::Pareto { scale, shape } => {
                    parts.pareto = Some(Pareto { scale: scale / 1_000.0, shape: *shape });
                }
                DelayPart::Mixture(choices) => {
                    let weighted = |(weight, delay): &(f64, Delay)| Weighted {
                        weight: *weight,
                        parts: Self::of(delay),
                    };
                    parts.mixture = choices.iter().map(weighted).collect();
                }
            }
        }
        parts
    }

    fn meant(&self) -> Delay {
        let mut parts = Vec::new();
        let constant = (self.constant + self.base) * 1_000.0;
        if constant > 0.0 {
            parts.push(DelayPart::Constant(constant));
        }
        if let Some((low, high)) = self.uniform {
            let (low, high) = (low.as_millis_f64(), high.as_millis_f64());
            parts.push(DelayPart::Uniform(low * 1_000.0, high * 1_000.0));
        }
        if self.exponential > 0.0 {
            parts.push(DelayPart::Exponential(self.exponential * 1_000.0));
        }
        if let Some(LogNormal { median, sigma }) = self.lognormal {
            parts.push(DelayPart::LogNormal { median: median * 1_000.0, sigma });
        }
        if let Some(Pareto { scale, shape }) = self.pareto {
            parts.push(DelayPart::Pareto { scale: scale * 1_000.0, shape });
        }
        if !self.mixture.is_empty() {
            let choices = self.mixture.iter().map(|w| (w.weight, w.parts.meant()));
            parts.push(DelayPart::Mixture(choices.collect()));
        }
        Delay::new(parts)
    }

    /// The parts that are there; `{"constant_ms": 0}` if none is.
    fn short(&mut self) -> Json {
        let Json::Object(mut fields) = written(self) else { return Json::Null };
        fields.retain(|(_, value)| match value {
            Json::Number(number) => *number != 0.0,
            Json::List(elements) => !elements.is_empty(),
            other => *other != Json::Null,
        });
        if fields.is_empty() {
            fields.push(("constant_ms".to_owned(), Json::Number(0.0)));
        }
        Json::Object(fields)
    }
}

impl Fields for Parts {
    fn fields(&mut self, form: &mut dyn Form) {
        let times = |at| Amount(at, 0.0, LONGEST_MS, "ms");
        form.field("constant_ms", "Always so long.", &mut times(&mut self.constant));
        form.field(
            "base_ms",
            "Always so long, before the other parts.",
            &mut times(&mut self.base),
        );
        form.field(
            "uniform_ms",
            "Drawn uniformly from [lowest, highest].",
            &mut MillisRange(&mut self.uniform, 0.0, LONGEST_MS),
        );
        form.field(
            "exponential_ms",
            "Drawn from an exponential distribution with this mean.",
            &mut times(&mut self.exponential),
        );
        form.field(
            "lognormal",
            "Drawn from a log-normal distribution.",
            &mut Whichever(&mut self.lognormal, LogNormal { median: 1.0, sigma: 0.5 }),
        );
        form.field(
            "pareto",
            "Drawn from a Pareto distribution: rarely, but then very long.",
            &mut Whichever(&mut self.pareto, Pareto { scale: 1.0, shape: 2.0 }),
        );
        form.field(
            "mixture",
            "One of several delays, each drawn with its weight.",
            &mut Choices(&mut self.mixture),
        );
    }
}

impl Fields for LogNormal {
    fn fields(&mut self, form: &mut dyn Form) {
        let median = &mut Amount(&mut self.median, 0.0, LONGEST_MS, "ms");
        form.required("median_ms", "Half of the delays are shorter.", median);
        let sigma = &mut Amount(&mut self.sigma, 0.0, 10.0, "");
        form.required("sigma", "Standard deviation of the delay's logarithm.", sigma);
    }
}

impl Fields for Pareto {
    fn fields(&mut self, form: &mut dyn Form) {
        let scale = &mut Amount(&mut self.scale, 0.0, LONGEST_MS, "ms");
        form.required("scale_ms", "The shortest delay.", scale);
        let shape = &mut Amount(&mut self.shape, 0.01, 1_000.0, "");
        form.required("shape", "The exponent: the smaller, the longer the longest delays.", shape);
    }
}

impl Fields for Weighted {
    fn fields(&mut self, form: &mut dyn Form) {
        let weight = &mut Amount(&mut self.weight, 0.0, 1e9, "");
        form.field("weight", "How often this delay is drawn, beside the other weights.", weight);
        self.parts.fields(form);
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within bounds")]
fn span(micros: f64) -> Span {
    Span::from_micros(micros as u64)
}

/// A part of a delay that is there as soon as it is typed.
struct Whichever<'a, T>(&'a mut Option<T>, T);

impl<T: Fields + Clone> Slot for Whichever<'_, T> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        read_into(&mut self.1, json, place);
        *self.0 = Some(self.1.clone());
    }

    fn write(&mut self) -> Json {
        self.0.as_mut().map_or(Json::Null, |part| written(part))
    }

    fn kind(&mut self) -> Kind {
        let rows = described(&mut self.1);
        Kind::Object { rows, merged: false }
    }
}

/// The delays of a mixture.
struct Choices<'a>(&'a mut Vec<Weighted>);

impl Slot for Choices<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        let Json::List(found) = json else {
            place.wrong_type(json, "a list of delays, each with a weight");
            return;
        };
        for (index, json) in found.iter().enumerate() {
            let mut choice = Weighted::default();
            place.in_element(index, |place| read_into(&mut choice, json, place));
            self.0.push(choice);
        }
    }

    fn write(&mut self) -> Json {
        let choices = self.0.iter_mut().map(|choice| {
            let Json::Object(mut fields) = choice.parts.short() else { return Json::Null };
            fields.insert(0, ("weight".to_owned(), Json::Number(choice.weight)));
            Json::Object(fields)
        });
        Json::List(choices.collect())
    }

    fn kind(&mut self) -> Kind {
        Kind::List { of: Box::new(Kind::Named("weighted_delay")), least: 1, most: 64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Growth;
    use crate::json::parse;

    #[track_caller]
    fn check_round_trip(text: &str) {
        let mut delay = Delay::default();
        let mut place = Place::new(Growth::fixed(3));
        DelayOf(&mut delay).read(&parse(text).expect("json"), &mut place);
        assert_eq!(place.problems, []);
        assert_eq!(DelayOf(&mut delay).write().to_string(), text);
    }

    #[test]
    fn every_delay_is_written_as_it_was_typed() {
        check_round_trip(r#"{"constant_ms":40}"#);
        check_round_trip(r#"{"base_ms":0.2,"exponential_ms":1}"#);
        check_round_trip(r#"{"uniform_ms":[5,15]}"#);
        check_round_trip(r#"{"lognormal":{"median_ms":8,"sigma":0.5}}"#);
        check_round_trip(
            r#"{"mixture":[{"weight":0.9122,"pareto":{"scale_ms":0.235,"shape":10}},{"weight":0.0878,"exponential_ms":0.6}]}"#,
        );
        check_round_trip(r#"{"constant_ms":0}"#);
    }
}
