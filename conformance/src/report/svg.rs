//! Plots as inline SVG: lines over two axes, guides, marks and a legend. Colours come from the page's style sheet, so that a
//! plot follows its light and dark schemes.

use super::text::html;
use std::fmt::Write as _;

/// How an axis is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Equal steps.
    Linear,
    /// Equal ratios; both ends must be above zero.
    Log,
}

/// An axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What it shows, with its unit.
    pub label: String,
    /// The value at its start.
    pub from: f64,
    /// The value at its end.
    pub to: f64,
    /// Values that get a line and a text.
    pub ticks: Vec<(f64, String)>,
    /// How it is divided.
    pub scale: Scale,
}

impl Axis {
    /// An axis of equal steps.
    pub fn linear(label: &str, from: f64, to: f64, ticks: impl IntoIterator<Item = (f64, String)>) -> Self {
        Self { label: label.to_owned(), from, to, ticks: ticks.into_iter().collect(), scale: Scale::Linear }
    }

    /// An axis of equal ratios.
    pub fn log(label: &str, from: f64, to: f64, ticks: impl IntoIterator<Item = (f64, String)>) -> Self {
        Self { scale: Scale::Log, ..Self::linear(label, from, to, ticks) }
    }

    /// Where a value lies, 0 at the start and 1 at the end; nothing for what has no place.
    fn place(&self, value: f64) -> Option<f64> {
        let (from, to, value) = match self.scale {
            Scale::Linear => (self.from, self.to, value),
            Scale::Log => (self.from.ln(), self.to.ln(), value.ln()),
        };
        let place = (value - from) / (to - from);
        place.is_finite().then_some(place)
    }
}

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its name in the legend.
    pub name: String,
    /// Which of the page's line styles it has: 0 to 4, of which 0 is the main one and 4 a thin, broken one.
    pub style: usize,
    /// Its points, by x. Where one has no place on the axes, as NaN has none, the line breaks.
    pub points: Vec<(f64, f64)>,
    /// Whether a value holds until the next point, instead of running towards it.
    pub holds: bool,
}

/// A line over the whole plot that says where something is.
#[derive(Clone, Debug, PartialEq)]
pub enum Guide {
    /// At a value of x.
    X(f64, String),
    /// At a value of y.
    Y(f64, String),
}

/// A point with a text beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The point.
    pub at: (f64, f64),
    /// The text.
    pub text: String,
    /// Where the text stands, from the point, in units of the picture (480 wide): to the left if negative.
    pub offset: (f64, f64),
    /// Whether it marks something bad.
    pub bad: bool,
}

/// A plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// What it shows, for readers who can't see it.
    pub title: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// Lines, the topmost last.
    pub series: Vec<Series>,
    /// Guides.
    pub guides: Vec<Guide>,
    /// Marks.
    pub marks: Vec<Mark>,
}

/// How plots look, in a page or alone.
pub const STYLE: &str = include_str!("plot.css");

const WIDTH: f64 = 480.0;
const LEFT: f64 = 68.0;
const RIGHT: f64 = 468.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 252.0;
const HEIGHT: f64 = 296.0;
/// The last style of lines in the style sheet.
const STYLE_MAX: usize = 4;

impl Plot {
    /// The plot as an `svg` element.
    pub fn render(&self) -> String {
        let title = html(&self.title);
        self.draw(format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{title}\"><title>{title}</title>"))
    }

    /// The plot as a file of its own.
    pub fn file(&self) -> String {
        let title = html(&self.title);
        let size = format!("viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{}\" height=\"{}\"", WIDTH * 1.5, HEIGHT * 1.5);
        let head = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" {size} role=\"img\"><title>{title}</title>\n<style>\n{STYLE}svg {{ background: var(--box); }}\n</style>\n"
        );
        // A line for each element, so that a change can be reviewed.
        self.draw(head).replace("/><", "/>\n<").replace("</text><", "</text>\n<") + "\n"
    }

    fn draw(&self, mut out: String) -> String {
        self.axes(&mut out);
        for guide in &self.guides {
            self.guide(&mut out, guide);
        }
        for series in &self.series {
            let path = self.path(series);
            if !path.is_empty() {
                let _ = write!(out, "<path class=\"s{}\" d=\"{path}\"/>", series.style.min(STYLE_MAX));
            }
        }
        for mark in &self.marks {
            self.mark(&mut out, mark);
        }
        self.legend(&mut out);
        out.push_str("</svg>");
        out
    }

    fn px(&self, value: f64) -> Option<f64> {
        Some(LEFT + self.x.place(value)? * (RIGHT - LEFT))
    }

    fn py(&self, value: f64) -> Option<f64> {
        Some(BOTTOM - self.y.place(value)? * (BOTTOM - TOP))
    }

    fn axes(&self, out: &mut String) {
        for (value, label) in &self.x.ticks {
            if let Some(x) = self.px(*value) {
                let _ = write!(out, "<path class=\"grid\" d=\"M{x:.1} {TOP}V{BOTTOM}\"/>");
                let _ = write!(out, "<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>", BOTTOM + 15.0, html(label));
            }
        }
        for (value, label) in &self.y.ticks {
            if let Some(y) = self.py(*value) {
                let _ = write!(out, "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{RIGHT}\"/>");
                let _ = write!(out, "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>", LEFT - 6.0, y + 4.0, html(label));
            }
        }
        let _ = write!(out, "<path class=\"frame\" d=\"M{LEFT} {TOP}V{BOTTOM}H{RIGHT}\"/>");
        let middle = (LEFT + RIGHT) / 2.0;
        let _ = write!(
            out,
            "<text class=\"label\" x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            HEIGHT - 10.0,
            html(&self.x.label)
        );
        let y = (TOP + BOTTOM) / 2.0;
        let _ = write!(
            out,
            "<text class=\"label\" transform=\"translate(14 {y}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
            html(&self.y.label)
        );
    }

    fn guide(&self, out: &mut String, guide: &Guide) {
        match guide {
            Guide::X(value, label) => {
                if let Some(x) = self.px(*value) {
                    let _ = write!(out, "<path class=\"guide\" d=\"M{x:.1} {TOP}V{BOTTOM}\"/>");
                    // On its other side where the plot ends soon.
                    let (x, anchor) = if x > RIGHT - 100.0 { (x - 4.0, "end") } else { (x + 4.0, "start") };
                    let _ = write!(
                        out,
                        "<text class=\"note\" x=\"{x:.1}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
                        BOTTOM - 7.0,
                        html(label)
                    );
                }
            }
            Guide::Y(value, label) => {
                if let Some(y) = self.py(*value) {
                    let _ = write!(out, "<path class=\"guide\" d=\"M{LEFT} {y:.1}H{RIGHT}\"/>");
                    let _ = write!(out, "<text class=\"note\" x=\"{}\" y=\"{:.1}\">{}</text>", LEFT + 6.0, y - 5.0, html(label));
                }
            }
        }
    }

    fn mark(&self, out: &mut String, mark: &Mark) {
        let (Some(x), Some(y)) = (self.px(mark.at.0), self.py(mark.at.1)) else {
            return;
        };
        let (class, anchor) = (if mark.bad { "bad" } else { "mark" }, if mark.offset.0 < 0.0 { "end" } else { "start" });
        let _ = write!(out, "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"/>");
        if !mark.text.is_empty() {
            let (tx, ty) = (x + mark.offset.0, y + mark.offset.1);
            let _ = write!(
                out,
                "<text class=\"note {class}\" x=\"{tx:.1}\" y=\"{ty:.1}\" text-anchor=\"{anchor}\">{}</text>",
                html(&mark.text)
            );
        }
    }

    /// The path of a line in tenths of a unit; points that lie on the way between their neighbours are left out.
    fn path(&self, series: &Series) -> String {
        let tenth = |value: f64| (value * 10.0).round() as i64;
        let place = |(x, y): &(f64, f64)| Some((tenth(self.px(*x)?), tenth(self.py(*y)?)));
        let mut path = String::new();
        // A point without a place breaks the line.
        for part in series.points.split(|point| place(point).is_none()) {
            let mut points: Vec<(i64, i64)> = Vec::new();
            for next in part.iter().filter_map(place) {
                if series.holds
                    && let Some(last) = points.last().copied()
                {
                    push(&mut points, (next.0, last.1));
                }
                push(&mut points, next);
            }
            let mut from = (0, 0);
            for (index, point) in points.iter().enumerate() {
                // Steps from the point before are shorter than places.
                let (command, x, y) = if index == 0 { ('M', point.0, point.1) } else { ('l', point.0 - from.0, point.1 - from.1) };
                let _ = write!(path, "{command}{} {}", decimal(x), decimal(y));
                from = *point;
            }
        }
        path
    }

    fn legend(&self, out: &mut String) {
        if self.series.len() < 2 {
            let _ = write!(out, "<text class=\"label\" x=\"{LEFT}\" y=\"18\">{}</text>", html(&self.title));
            return;
        }
        let mut x = LEFT;
        for series in &self.series {
            let _ = write!(out, "<path class=\"s{}\" d=\"M{x:.1} 14h18\"/>", series.style.min(STYLE_MAX));
            let _ = write!(out, "<text x=\"{:.1}\" y=\"18\">{}</text>", x + 23.0, html(&series.name));
            x += 40.0 + 6.4 * series.name.chars().count() as f64;
        }
    }
}

fn push(points: &mut Vec<(i64, i64)>, next: (i64, i64)) {
    if points.last() == Some(&next) {
        return;
    }
    if let [.., a, b] = points.as_slice() {
        let (d1, d2) = ((b.0 - a.0, b.1 - a.1), (next.0 - b.0, next.1 - b.1));
        // The middle of three points on one line that goes on in the same direction says nothing.
        if d1.0 * d2.1 == d1.1 * d2.0 && d1.0 * d2.0 >= 0 && d1.1 * d2.1 >= 0 {
            points.pop();
        }
    }
    points.push(next);
}

fn decimal(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    let (whole, rest) = (tenths.abs() / 10, tenths.abs() % 10);
    if rest == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

#[cfg(test)]
mod tests {
    use super::{Axis, Guide, Mark, Plot, Series};

    fn plot(points: Vec<(f64, f64)>) -> Plot {
        Plot {
            title: "<b>\"title\"</b>".to_owned(),
            x: Axis::linear("x <i>", 0.0, 10.0, [(5.0, "<5>".to_owned())]),
            y: Axis::log("y", 1.0, 100.0, [(10.0, "10".to_owned())]),
            series: vec![Series { name: "<u>".to_owned(), style: 0, points, holds: false }],
            guides: vec![Guide::X(5.0, "<g>".to_owned()), Guide::Y(10.0, "<h>".to_owned())],
            marks: vec![Mark { at: (5.0, 10.0), text: "<m>".to_owned(), offset: (-4.0, 0.0), bad: true }],
        }
    }

    #[test]
    fn its_form_is_stable() {
        insta::assert_snapshot!(plot(vec![(0.0, 1.0), (2.5, 3.162_277_66), (5.0, 10.0), (10.0, 1.0)]).render());
    }

    #[test]
    fn no_text_is_markup() {
        let svg = plot(vec![(0.0, 1.0)]).render();
        for tag in ["<b>", "<i>", "<5>", "<u>", "<g>", "<h>", "<m>"] {
            assert!(!svg.contains(tag), "{svg}");
        }
    }

    #[test]
    fn a_line_breaks_where_a_point_has_no_place() {
        let svg = plot(vec![(0.0, 1.0), (5.0, 10.0), (f64::NAN, 1.0), (5.0, 1.0), (10.0, 1.0)]).render();
        assert!(svg.contains("d=\"M68 252l200 -111M268 252l200 0\""), "{svg}");
    }

    #[test]
    fn a_file_has_all_that_it_needs() {
        let file = plot(vec![(0.0, 1.0), (10.0, 100.0)]).file();
        assert!(file.starts_with("<svg xmlns=") && file.ends_with("</svg>\n"), "{file}");
        // Every colour that the style sheet uses is one that it sets.
        for (_, rest) in super::STYLE.match_indices("var(").map(|(at, _)| super::STYLE.split_at(at + 4)) {
            let name = rest.split(')').next().unwrap_or_default();
            assert!(super::STYLE.matches(&format!("{name}:")).count() == 2, "{name} is not set for light and dark");
        }
    }

    #[test]
    fn what_has_no_place_is_left_out() {
        let svg = plot(vec![(0.0, 0.0), (f64::NAN, 1.0), (1.0, f64::INFINITY), (1.0, -3.0)]).render();
        assert!(!svg.contains("class=\"s0\" d=\"M68"), "{svg}");
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}
