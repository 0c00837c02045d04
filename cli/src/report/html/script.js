"use strict";
(() => {
  const FIRST_PAGE = 5;
  const PAGE = 20;
  const SEVERITIES = ["error", "warning", "hint"];
  const SHAPES = { error: "■", warning: "▲", hint: "●" };
  const COST = { error: 20, warning: 10, hint: 3 };
  const LANGUAGES = { es: "Spanish", sv: "Swedish", en: "English", unknown: "Unknown" };
  const FAMILIES = {
    refusal: ["Refusal", "what the customer can’t have"],
    blame: ["Blame", "whose fault it is"],
    excuse: ["Excuse", "why it went wrong"],
    deflection: ["Deflection", "somewhere else"],
    apology: ["Apology", "how sorry"],
    promise: ["Promise", "what nobody can keep"],
    attitude: ["Attitude", "the tone towards the customer"],
    clarity: ["Clarity", "plain words, or not"],
    structure: ["Structure", "what the whole reply lacks"],
    variants: ["Variants", "one entry across languages"],
  };
  const BANDS = [
    { from: 90, name: "warm", word: "Warm", range: "90–100" },
    { from: 75, name: "fair", word: "A few rough edges", range: "75–89" },
    { from: 50, name: "care", word: "Needs care", range: "50–74" },
    { from: 0, name: "cold", word: "Costs goodwill", range: "0–49" },
  ];
  const APPLICABILITY = {
    "machine-applicable": "Safe to use as it is",
    "maybe-incorrect": "Read it before you use it",
    "has-placeholders": "Fill in the blanks",
  };
  const STEPS = {
    acknowledge: ["acknowledges", "no acknowledgement"],
    apologise: ["apologises", "no apology"],
    assist: ["assists", "no help offered"],
  };

  const numbers = new Intl.NumberFormat("en-GB");
  const byId = (id) => document.getElementById(id);
  const state = { q: "", severities: new Set(SEVERITIES), family: "", language: "", clean: false, sort: "worst" };
  let data;
  let items;
  let orders;
  let shown = [];
  let rendered = 0;

  // ---- Small things -------------------------------------------------------------------------------------------

  // Characters that would be invisible, or turn the text around them, are shown to be there.
  function visible(text) {
    return String(text)
      .replace(/\r\n?/g, "\n")
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
  }

  function el(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
    return element;
  }

  function button(content, action, attributes) {
    const element = el("button", { type: "button", ...attributes }, ...[content].flat());
    element.addEventListener("click", action);
    return element;
  }

  function svg(tag, attributes, ...children) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  const number = (value) => numbers.format(value || 0);
  const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;
  const familyOf = (rule) => String(rule).split("/")[0];
  const familyName = (family) => (FAMILIES[family] || [visible(family)])[0];
  const messageLanguage = (item) => data.message_language || item.reply.language || "en";
  const languageOf = (reply) => reply.language || "unknown";
  const languageName = (language) => LANGUAGES[language] || visible(language);
  const bandOf = (score) => BANDS.find((band) => score >= band.from) || BANDS[BANDS.length - 1];
  const ruleTitle = (rule) => (data.rules[rule] || {}).title;
  const hiddenText = (text) => el("span", { class: "hidden" }, text);
  const shape = (severity) => el("span", { class: `shape ${severity}`, "aria-hidden": "true" }, SHAPES[severity]);
  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");

  function say(text) {
    byId("said").textContent = "";
    requestAnimationFrame(() => { byId("said").textContent = text; });
  }

  // ---- The data, made ready -----------------------------------------------------------------------------------

  function inReadingOrder(findings) {
    const start = (finding) => (finding.range_utf16 ? finding.range_utf16.start : Infinity);
    return [...findings].sort((a, b) => (start(a) === start(b) ? 0 : start(a) - start(b)));
  }

  function prepare(reply, index) {
    const counts = { error: 0, warning: 0, hint: 0 };
    for (const finding of reply.findings) counts[finding.severity] += 1;
    const findings = inReadingOrder(reply.findings).map((finding, at) => ({ ...finding, number: at + 1 }));
    return { reply, index, counts, findings, language: languageOf(reply), words: null };
  }

  function worstFirst(a, b) {
    const score = (item) => (item.reply.score === null ? 101 : item.reply.score);
    return score(a) - score(b)
      || b.counts.error - a.counts.error
      || b.counts.warning - a.counts.warning
      || b.counts.hint - a.counts.hint
      || a.index - b.index;
  }

  function byFile(a, b) {
    if (a.reply.path !== b.reply.path) return a.reply.path < b.reply.path ? -1 : 1;
    return a.index - b.index;
  }

  function searchable(item) {
    if (item.words === null) {
      const { reply } = item;
      const parts = [reply.title, reply.id, reply.path, reply.within, reply.text];
      for (const finding of item.findings) {
        parts.push(finding.rule, ruleTitle(finding.rule), finding.message);
      }
      item.words = fold(parts.filter(Boolean).join("\n"));
    }
    return item.words;
  }

  // The index is made while nobody waits, so that the first letter typed is as quick as the tenth.
  function warmIndex(from = 0) {
    const until = Math.min(from + 250, items.length);
    for (let at = from; at < until; at += 1) searchable(items[at]);
    if (until < items.length) setTimeout(warmIndex, 0, until);
    else document.documentElement.dataset.indexed = "true";
  }

  // ---- Filters ------------------------------------------------------------------------------------------------

  const allSeverities = () => state.severities.size === SEVERITIES.length;
  const choosesFindings = () => !allSeverities() || state.family !== "";
  const isFiltered = () => choosesFindings() || state.language !== "" || state.q.trim() !== "";
  const wanted = (finding) => state.severities.has(finding.severity)
    && (!state.family || familyOf(finding.rule) === state.family);

  function matches(item, terms) {
    if (state.language && item.language !== state.language) return false;
    if (item.findings.length === 0 ? !state.clean || choosesFindings() : !item.findings.some(wanted)) return false;
    return terms.every((term) => searchable(item).includes(term));
  }

  function refresh() {
    const terms = fold(state.q).split(/\s+/).filter(Boolean);
    shown = orders[state.sort].filter((item) => matches(item, terms));
    rendered = 0;
    byId("list").replaceChildren();
    showMore(FIRST_PAGE);
    showCount();
    showPressed();
  }

  function change(changes) {
    Object.assign(state, changes);
    fillControls();
    refresh();
    saveHash();
  }

  function clearFilters() {
    change({ q: "", severities: new Set(SEVERITIES), family: "", language: "" });
    byId("q").focus();
  }

  function showCount() {
    const cleanHidden = items.filter((item) => item.findings.length === 0).length;
    let text = `${number(shown.length)} of ${plural(items.length, "reply", "replies")}`;
    if (!isFiltered() && !state.clean && cleanHidden > 0) {
      text += `; ${cleanHidden === 1 ? "1 clean reply is" : `${number(cleanHidden)} clean replies are`} not shown`;
    }
    byId("count").textContent = text;
    byId("clear").hidden = !isFiltered();
    if (shown.length === 0) byId("list").append(emptyState(cleanHidden));
  }

  function emptyState(clean) {
    const all = items.length > 0 && clean === items.length && !isFiltered();
    let text = "No reply matches these filters.";
    if (items.length === 0) text = "There were no replies to read.";
    else if (all) text = "Every reply is clean. There is nothing here that costs goodwill.";
    return el("div", { class: "empty" }, el("p", {}, text),
      all ? button("Show clean replies", () => change({ clean: true })) : null,
      isFiltered() ? button("Clear filters", clearFilters) : null);
  }

  function fillControls() {
    if (byId("q").value !== state.q) byId("q").value = state.q;
    for (const severity of SEVERITIES) byId(`severity-${severity}`).checked = state.severities.has(severity);
    byId("family").value = state.family;
    byId("language").value = state.language;
    byId("sort").value = state.sort;
    byId("clean").checked = state.clean;
  }

  function showPressed() {
    for (const cell of document.querySelectorAll("[data-family]")) {
      const chosen = cell.dataset.family === state.family && cell.dataset.language === state.language;
      cell.setAttribute("aria-pressed", String(chosen));
    }
    for (const tile of document.querySelectorAll("[data-severity]")) {
      const chosen = state.severities.size === 1 && state.severities.has(tile.dataset.severity);
      tile.setAttribute("aria-pressed", String(chosen));
    }
  }

  // ---- The address keeps the filters, so that a link can be shared ----------------------------------------------

  let hashTimer = 0;

  function saveHash() {
    clearTimeout(hashTimer);
    hashTimer = setTimeout(() => {
      const hash = new URLSearchParams();
      if (state.q) hash.set("q", state.q);
      if (!allSeverities()) hash.set("severity", [...state.severities].join(","));
      if (state.family) hash.set("family", state.family);
      if (state.language) hash.set("language", state.language);
      if (state.clean) hash.set("clean", "1");
      if (state.sort !== "worst") hash.set("sort", state.sort);
      try {
        history.replaceState(null, "", `#${hash}`);
      } catch {
        // Some browsers refuse this for files; the filters work all the same.
      }
    }, 200);
  }

  function loadHash() {
    const hash = new URLSearchParams(location.hash.slice(1));
    const known = (select, value) => ([...byId(select).options].some((option) => option.value === value) ? value : "");
    state.q = hash.get("q") || "";
    state.severities = new Set(hash.has("severity")
      ? SEVERITIES.filter((severity) => hash.get("severity").split(",").includes(severity)) : SEVERITIES);
    state.family = known("family", hash.get("family"));
    state.language = known("language", hash.get("language"));
    state.clean = hash.get("clean") === "1";
    state.sort = hash.get("sort") === "file" ? "file" : "worst";
  }

  // ---- A reply ------------------------------------------------------------------------------------------------

  // Findings that overlap get different lanes, and with them different heights for their underlines.
  function withLanes(findings) {
    const ends = [];
    return findings.filter((finding) => finding.range_utf16).map((finding) => {
      const { start, end } = finding.range_utf16;
      let lane = ends.findIndex((last) => last <= start);
      if (lane < 0) lane = ends.length;
      ends[lane] = end;
      return { finding, start, end, lane };
    });
  }

  function markedText(item, findings, card) {
    const text = item.reply.text;
    const spans = withLanes(findings);
    const edges = [text.length - text.trimStart().length, text.trimEnd().length];
    const cuts = [...new Set([...edges, ...spans.flatMap((span) => [span.start, span.end])])].sort((a, b) => a - b);
    const block = el("div", { class: text.length < 1000 ? "text short" : "text", lang: item.reply.language || "" });
    cuts.forEach((cut, at) => {
      for (const span of spans) if (span.end === cut) block.append(reference(item, span.finding, card));
      if (at + 1 === cuts.length) return;
      const covering = spans.filter((span) => span.start <= cut && span.end > cut).sort((a, b) => a.lane - b.lane);
      block.append(covering.reduceRight((inner, span) => el("mark", {
        class: `${span.finding.severity} lane-${Math.min(span.lane, 3)}`,
        "data-finding": span.finding.number,
      }, inner), visible(text.slice(cut, cuts[at + 1]))));
    });
    return block;
  }

  function reference(item, finding, card) {
    const label = `Finding ${finding.number}: ${finding.severity}, ${visible(finding.rule)}`;
    return button(String(finding.number), () => {
      const note = card.querySelector(`.note[data-finding="${finding.number}"]`);
      note.focus({ preventScroll: true });
      note.scrollIntoView({ block: "nearest" });
    }, { class: `ref ${finding.severity}`, id: `r${item.index}t${finding.number}`, lang: "en", "aria-label": label });
  }

  function suggestionText(suggestion, lang) {
    const text = visible(suggestion.text);
    if (text === "") return el("p", { class: "rewrite" }, el("em", {}, "Leave these words out."));
    const holes = (suggestion.holes || []).map((hole) => `{${visible(hole)}}`);
    const parts = [];
    let at = 0;
    while (at < text.length) {
      const [next, hole] = holes.map((each) => [text.indexOf(each, at), each]).filter(([found]) => found >= 0)
        .sort((a, b) => a[0] - b[0])[0] || [text.length, ""];
      parts.push(text.slice(at, next));
      if (hole) parts.push(el("span", { class: "hole" }, hole));
      at = next + hole.length;
    }
    return el("p", { class: "rewrite", lang }, parts);
  }

  function suggestionItem(suggestion, lang) {
    const text = visible(suggestion.text);
    const advice = APPLICABILITY[suggestion.applicability] || visible(suggestion.applicability);
    const copyButton = text === "" ? null : button("Copy", (event) => copy(text, event.currentTarget),
      { class: "quiet copy", "aria-label": `Copy the suggestion: ${text.slice(0, 80)}` });
    return el("li", { class: suggestion.applicability === "machine-applicable" ? "safe" : null },
      suggestionText(suggestion, lang), el("div", { class: "under" }, el("span", {}, advice), copyButton));
  }

  function suggestionList(suggestions, lang) {
    if (suggestions.length === 0) return null;
    const [first, ...rest] = suggestions.map((suggestion) => suggestionItem(suggestion, lang));
    return el("div", { class: "suggestions" },
      el("h5", {}, "What to write instead"),
      el("ul", {}, first),
      rest.length ? el("details", {}, el("summary", {}, plural(rest.length, "more suggestion")), el("ul", {}, rest)) : null);
  }

  function place(finding) {
    const start = finding.location && finding.location.start;
    if (!start) return null;
    const about = finding.location.exact ? "" : "near ";
    return el("span", { class: "place" }, `${about}line ${start.line}, column ${start.column}`);
  }

  function note(item, finding) {
    const lang = item.reply.language || "";
    const title = ruleTitle(finding.rule);
    const back = finding.range_utf16
      ? button(String(finding.number), () => byId(`r${item.index}t${finding.number}`).focus(),
        { class: "back", "aria-label": `Finding ${finding.number}: show its words in the reply` })
      : el("span", { class: "back" }, String(finding.number));
    return el("li", { class: `note ${finding.severity}`, tabindex: "-1", "data-finding": finding.number },
      el("h4", {}, back, " ", el("span", { class: "severity" }, shape(finding.severity), ` ${finding.severity}`),
        title ? el("span", { class: "rule" }, visible(title)) : null),
      el("p", { class: "words" }, finding.text === null
        ? el("span", {}, "About the whole reply") : el("q", { lang }, visible(finding.text))),
      el("p", { class: "message", lang: messageLanguage(item) }, visible(finding.message)),
      finding.why ? el("p", { class: "why", lang: messageLanguage(item) }, visible(finding.why)) : null,
      suggestionList(finding.suggestions || [], lang),
      el("p", { class: "origin" }, el("code", {}, visible(finding.rule)), place(finding),
        finding.softened ? el("span", {}, "softened by what the reply offers") : null));
  }

  function scoreBadge(score) {
    if (score === null || score === undefined) return el("p", { class: "badge" }, el("b", {}, "–"), el("span", {}, "Not scored"));
    const band = bandOf(score);
    return el("p", { class: `badge ${band.name}` }, hiddenText("Score "), el("b", {}, number(score)), hiddenText(" of 100: "), el("span", {}, band.word));
  }

  function stepChips(steps) {
    const known = Object.entries(STEPS).filter(([step]) => step in (steps || {}));
    return known.map(([step, [taken, missing]]) => el("li", { class: steps[step] ? "step taken" : "step" },
      el("span", { "aria-hidden": "true" }, steps[step] ? "✓ " : "– "), steps[step] ? taken : missing));
  }

  function headingOf(reply) {
    return visible(reply.title || reply.id || reply.within || reply.path.split("/").pop() || "Untitled reply");
  }

  function metaOf(item) {
    const { reply } = item;
    const lines = item.findings.map((finding) => finding.location && finding.location.start.line).filter(Boolean);
    const where = visible(reply.path) + (lines.length ? `:${Math.min(...lines)}` : "");
    return el("ul", { class: "meta" },
      el("li", {}, el("code", {}, where)),
      reply.within ? el("li", {}, el("code", {}, visible(reply.within))) : null,
      reply.id && reply.title ? el("li", {}, visible(reply.id)) : null,
      el("li", {}, languageName(item.language), reply.form_of_address ? el("span", {}, ` (${visible(reply.form_of_address)})`) : null),
      item.findings.length ? stepChips(reply.steps) : null);
  }

  function fillCard(card, item, everything) {
    const findings = everything ? item.findings : item.findings.filter(wanted);
    const left = item.findings.length - findings.length;
    card.replaceChildren(el("header", {},
      el("div", {}, el("h3", { id: `r${item.index}`, tabindex: "-1" }, headingOf(item.reply)), metaOf(item)), scoreBadge(item.reply.score)));
    if (item.findings.length === 0) {
      card.append(el("p", { class: "fine" }, "Nothing to change."));
      return;
    }
    const more = left === 0 ? null : button(`Show ${plural(left, "more finding")} in this reply`, () => {
      fillCard(card, item, true);
      card.querySelector("h3").focus();
    }, { class: "quiet" });
    card.append(el("div", { class: "sides" },
      typeof item.reply.text === "string" ? markedText(item, findings, card) : null,
      el("div", {}, el("ol", { class: "notes" }, findings.map((finding) => note(item, finding))), more)));
  }

  function replyCard(item) {
    const card = el("article", { class: item.findings.length ? "reply" : "reply clean", "aria-labelledby": `r${item.index}`, "data-index": item.index });
    fillCard(card, item, false);
    return card;
  }

  function showMore(count = PAGE) {
    const page = shown.slice(rendered, rendered + count);
    byId("list").append(...page.map(replyCard));
    rendered += page.length;
    const left = shown.length - rendered;
    byId("more").hidden = left === 0;
    byId("more").textContent = `Show more (${number(left)} left)`;
    return page;
  }

  function setUpMore() {
    byId("more").addEventListener("click", () => {
      const [first] = showMore();
      if (first) byId(`r${first.index}`).focus();
    });
    if (!("IntersectionObserver" in window)) return;
    new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting) && rendered < shown.length) showMore();
    }, { rootMargin: "600px" }).observe(byId("more"));
  }

  async function copy(text, control) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = el("textarea", { class: "hidden", "aria-hidden": "true" });
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      control.focus();
    }
    control.textContent = "Copied";
    say("Suggestion copied");
    setTimeout(() => { control.textContent = "Copy"; }, 1600);
  }

  // ---- Overview -----------------------------------------------------------------------------------------------

  function gauge(score) {
    const ring = (kind, length) => svg("circle", { class: kind, cx: 60, cy: 60, r: 52, pathLength: 100, "stroke-dasharray": `${length} 100` });
    const scored = typeof score === "number";
    const drawing = svg("svg", { viewBox: "0 0 120 120", "aria-hidden": "true" }, ring("track", 100));
    if (scored && score > 0) drawing.append(ring("value", score));
    return el("div", { class: `gauge ${scored ? bandOf(score).name : ""}` }, drawing,
      el("p", {}, el("b", {}, scored ? number(score) : "–"), el("span", {}, scored ? "of 100" : "no score")));
  }

  function bandBars() {
    const scored = items.filter((item) => typeof item.reply.score === "number");
    const counts = BANDS.map((band) => scored.filter((item) => bandOf(item.reply.score) === band).length);
    const most = Math.max(1, ...counts);
    return el("ul", { class: "bands" }, BANDS.map((band, at) => {
      const fill = el("span", { class: `fill ${band.name}` });
      fill.style.width = `${(100 * counts[at]) / most}%`;
      return el("li", {}, el("span", { class: "name" }, band.word, " ", el("small", {}, band.range)),
        el("span", { class: "track", "aria-hidden": "true" }, fill), el("span", { class: "value" }, number(counts[at]), hiddenText(counts[at] === 1 ? " reply" : " replies")));
    }));
  }

  function severityTile(severity) {
    const count = data.summary.findings[severity] || 0;
    return button([el("b", {}, number(count)), el("span", {}, shape(severity), ` ${count === 1 ? severity : `${severity}s`}`)], () => {
      const only = state.severities.size === 1 && state.severities.has(severity);
      change({ severities: new Set(only ? SEVERITIES : [severity]) });
      scrollToReplies();
    }, { class: `tile ${severity}`, "data-severity": severity, "aria-pressed": "false" });
  }

  function showScore() {
    const { summary } = data;
    const clean = items.filter((item) => item.findings.length === 0).length;
    const word = typeof summary.score === "number" ? bandOf(summary.score).word : "Nothing to score";
    byId("score").append(
      el("div", { class: "verdict" }, gauge(summary.score), el("div", {},
        el("h2", {}, hiddenText("Score: "), word),
        el("p", {}, `${plural(summary.replies, "reply", "replies")} in ${plural(summary.files, "file")}, ${plural(summary.words, "word")}. `
          + `${clean === 1 ? "1 is" : `${number(clean)} are`} clean.`))),
      el("div", { class: "tiles", role: "group", "aria-label": "Findings by severity" }, SEVERITIES.map(severityTile)),
      el("h3", {}, "Replies by score"), bandBars(), ...commonRules());
  }

  function commonRules() {
    const counts = new Map();
    for (const item of items) for (const { rule } of item.findings) counts.set(rule, (counts.get(rule) || 0) + 1);
    const most = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 5);
    if (most.length === 0) return [];
    return [el("h3", {}, "Most common rules"), el("ol", { class: "rules" }, most.map(([rule, count]) => el("li", {},
      button([visible(ruleTitle(rule) || rule), " ", el("code", {}, visible(rule))], () => {
        change({ q: rule });
        scrollToReplies();
      }), el("span", { class: "value" }, number(count), hiddenText(count === 1 ? " finding" : " findings")))))];
  }

  const addCounts = (list) => list.reduce((sum, counts) => {
    for (const severity of SEVERITIES) sum[severity] += (counts && counts[severity]) || 0;
    return sum;
  }, { error: 0, warning: 0, hint: 0 });
  const totalOf = (counts) => SEVERITIES.reduce((sum, severity) => sum + counts[severity], 0);
  const costOf = (counts) => SEVERITIES.reduce((sum, severity) => sum + COST[severity] * counts[severity], 0);

  function scrollToReplies() {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    byId("replies").scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
  }

  function chooseButton(family, language, label, ...children) {
    return button(children, () => {
      const again = state.family === family && state.language === language;
      change(again ? { family: "", language: "" } : { family, language });
      scrollToReplies();
    }, { class: "choose", "data-family": family, "data-language": language, "aria-pressed": "false", "aria-label": label });
  }

  function chartCell(family, language, counts, most) {
    const total = totalOf(counts);
    const kind = language ? "" : "total";
    if (total === 0) return el("td", { class: kind }, el("span", { class: "zero" }, "0"));
    const bar = el("span", { class: "stack", "aria-hidden": "true" }, SEVERITIES.filter((severity) => counts[severity]).map((severity) => {
      const part = el("span", { class: severity });
      part.style.width = `${(100 * counts[severity]) / most}%`;
      return part;
    }));
    const label = `${plural(total, "finding")}, ${familyName(family)}, ${language ? languageName(language) : "all languages"}: `
      + SEVERITIES.map((severity) => plural(counts[severity], severity)).join(", ");
    return el("td", { class: kind }, chooseButton(family, language, label, el("span", { class: "value" }, number(total)), bar));
  }

  function chartRow([family, byLanguage], languages, rows) {
    const [name, about] = FAMILIES[family] || [visible(family), ""];
    const most = Math.max(...rows.flatMap(([, each]) => Object.values(each).map((counts) => totalOf(addCounts([counts])))));
    const mostOfAll = Math.max(...rows.map(([, each]) => totalOf(addCounts(Object.values(each)))));
    return el("tr", {}, el("th", { scope: "row" }, name, " ", el("small", {}, about)),
      languages.map((language) => chartCell(family, language, addCounts([byLanguage[language]]), most)),
      chartCell(family, "", addCounts(Object.values(byLanguage)), mostOfAll));
  }

  function showChart(families, languages) {
    const rows = Object.entries(families).sort((a, b) => costOf(addCounts(Object.values(b[1]))) - costOf(addCounts(Object.values(a[1]))));
    const legend = el("p", { class: "legend" }, SEVERITIES.map((severity) => el("span", {}, el("i", { class: severity }), ` ${severity}s `)));
    const table = el("table", {}, el("caption", {}, el("h2", {}, "Findings by family and language"), legend),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Family"),
        languages.map((language) => el("th", { scope: "col" }, languageName(language))), el("th", { scope: "col" }, "All"))),
      el("tbody", {}, rows.map((row) => chartRow(row, languages, rows))));
    byId("chart").append(table, rows.length ? el("p", { class: "tip" }, "Choose a number to see its replies.") : el("p", {}, "No findings at all. Well done."));
  }

  function showTrouble(entries, one, many, open) {
    if (!entries || entries.length === 0) return;
    byId("trouble").append(el("details", { class: "trouble", open: open && entries.length <= 5 },
      el("summary", {}, plural(entries.length, one, many)),
      el("ul", {}, entries.map((entry) => el("li", {},
        el("code", {}, [entry.path, entry.line, entry.column].filter((part) => part !== null && part !== undefined).map(visible).join(":")),
        " ", visible(entry.message))))));
  }

  // ---- Controls -----------------------------------------------------------------------------------------------

  function option(value, text) {
    return el("option", { value }, text);
  }

  function setUpFilters(families, languages) {
    for (const severity of SEVERITIES) {
      const box = el("input", { type: "checkbox", id: `severity-${severity}`, checked: true });
      box.addEventListener("change", () => change({ severities: new Set(SEVERITIES.filter((each) => byId(`severity-${each}`).checked)) }));
      byId("severities").append(el("label", { class: `chip ${severity}` }, box, shape(severity), ` ${severity}s`));
    }
    byId("family").append(option("", "All families"), ...families.map((family) => option(family, familyName(family))));
    byId("language").append(option("", "All languages"), ...languages.map((language) => option(language, languageName(language))));
    byId("q").addEventListener("input", (event) => change({ q: event.target.value }));
    byId("family").addEventListener("change", (event) => change({ family: event.target.value }));
    byId("language").addEventListener("change", (event) => change({ language: event.target.value }));
    byId("sort").addEventListener("change", (event) => change({ sort: event.target.value }));
    byId("clean").addEventListener("change", (event) => change({ clean: event.target.checked }));
    byId("clear").addEventListener("click", clearFilters);
    byId("filters").addEventListener("submit", (event) => event.preventDefault());
  }

  function setUpKeys() {
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      byId("q").focus();
      byId("q").select();
    });
    byId("skip").addEventListener("click", (event) => {
      event.preventDefault();
      byId("replies").focus();
    });
    window.addEventListener("hashchange", () => {
      loadHash();
      fillControls();
      refresh();
    });
    window.addEventListener("beforeprint", () => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });
  }

  function setUpTheme() {
    const themes = ["system", "light", "dark"];
    const control = byId("theme");
    let theme = "system";
    const apply = (next) => {
      theme = next;
      if (theme === "system") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = theme;
      control.textContent = `Theme: ${theme}`;
    };
    let kept = null;
    try {
      kept = localStorage.getItem("tactful-theme");
    } catch {
      // A file opened from disk may have no storage.
    }
    apply(themes.includes(kept) ? kept : "system");
    control.hidden = false;
    control.addEventListener("click", () => {
      apply(themes[(themes.indexOf(theme) + 1) % themes.length]);
      try {
        localStorage.setItem("tactful-theme", theme);
      } catch {
        // As above.
      }
    });
  }

  // ---- Start --------------------------------------------------------------------------------------------------

  function start() {
    data = JSON.parse(byId("data").textContent);
    data.rules = data.rules || {};
    items = data.replies.map(prepare);
    orders = { worst: [...items].sort(worstFirst), file: [...items].sort(byFile) };
    const families = data.summary.families || {};
    const present = new Set(items.map((item) => item.language));
    const languages = [...new Set([...Object.keys(LANGUAGES), ...present])].filter((language) => present.has(language));
    byId("tool").textContent = visible(data.tool.name);
    byId("version").textContent = visible(data.tool.version);
    byId("main").hidden = false;
    showScore();
    showChart(families, languages);
    showTrouble(data.errors, "place could not be read", "places could not be read", true);
    showTrouble(data.notices, "notice", "notices", false);
    setUpFilters(Object.keys(families).sort(), languages);
    setUpKeys();
    setUpMore();
    loadHash();
    fillControls();
    refresh();
    setTimeout(warmIndex, 50);
  }

  setUpTheme();
  try {
    start();
  } catch (error) {
    byId("failed").textContent = `This report could not be shown: ${visible(error.message)}`;
    byId("failed").hidden = false;
    throw error;
  }
})();
