// Made by GMS Console: reads the answer as it does.
(() => {
const rules = RULES;
const text = (v) => typeof v === "string" ? v : v === undefined ? "null" : JSON.stringify(v);
let data = null;
try { data = pm.response.json(); } catch (error) { /* not every answer is JSON */ }
const find = (path) => {
    let value = Array.isArray(data) && data.length === 1 && typeof path[0] === "string" ? data[0] : data;
    for (const step of path) {
        if (value === null || value === undefined) { return null; }
        value = typeof step === "number" && step < 0 && Array.isArray(value) ? value[value.length + step] : value[step];
    }
    return value === undefined ? null : value;
};
const put = (v) => typeof v === "string" ? pm.variables.replaceIn(v) : Array.isArray(v) ? v.map(put) : v;
const same = (a, b) => typeof a === "number" ? a === Number(b) : text(a) === text(b);
const holds = ([path, operator, operand]) => {
    const value = find(path), wanted = put(operand);
    if (operator === "exists") { return (value !== null) === wanted; }
    if (value === null) { return false; }
    switch (operator) {
        case "equals": return same(value, wanted);
        case "in": return wanted.some((one) => same(value, one));
        case "matches": return new RegExp(wanted).test(text(value));
        case "contains": return Array.isArray(value) ? value.some((one) => same(one, wanted)) : text(value).includes(text(wanted));
        case "less_than": return Number(value) < Number(wanted);
        default: return Number(value) > Number(wanted);
    }
};
const next = (name) => pm.execution && pm.execution.setNextRequest ? pm.execution.setNextRequest(name) : postman.setNextRequest(name);
const answered = pm.response.code >= 200 && pm.response.code < 300;
const inside = data && (data.error || data.exception) ? text(data.message || data.error || data.exception) : "";
const problem = rules.asked === null || (!answered && rules.asked.includes(pm.response.code)) ? ""
    : !answered ? "HTTP " + pm.response.code + ": " + (inside || pm.response.text().slice(0, 200)) : inside;
let failed = false;
const test = (name, good, said) => pm.test(name, () => { if (!good) { failed = true; throw new Error(said); } });
const finish = () => {
    for (const [name, path] of rules.capture) {
        const value = find(path);
        test("capture " + name, value !== null, "there is nothing to capture");
        if (value !== null) { pm.collectionVariables.set(name, text(value)); }
    }
    for (const one of rules.expect) {
        if (one.http) { test(one.text, one.http.includes(pm.response.code), "it is " + pm.response.code); }
        else if (one.max_ms) { test(one.text, pm.response.responseTime <= one.max_ms, "it took " + pm.response.responseTime + " ms"); }
        else { test(one.text, holds(one.rule), "it is " + text(find(one.rule[0]))); }
    }
};
if (rules.poll) {
    const poll = rules.poll, key = "_poll_" + rules.number;
    const state = JSON.parse(pm.collectionVariables.get(key) || "null") || { begun: Date.now() - pm.response.responseTime, errors: 0 };
    const over = (good, said) => {
        pm.collectionVariables.unset(key);
        test(poll.text, good, said);
        if (good) { finish(); }
        if (failed && !(rules.keep_going || rules.always)) { next(rules.clean_up); }
    };
    const borne = pm.response.code >= 500 || (answered && data === null);
    state.errors = problem ? state.errors + 1 : 0;
    if (problem && (!borne || state.errors > poll.tolerate)) { over(false, problem); }
    else if (!problem && poll.until.some(holds)) { over(true); }
    else if (!problem && poll.fail_on.some(holds)) { over(false, "came to " + pm.response.text().slice(0, 200)); }
    else if (Date.now() - state.begun + poll.every > poll.within) { over(false, "not reached within " + poll.within + " ms"); }
    else {
        pm.collectionVariables.set(key, JSON.stringify(state));
        next(pm.info.requestName);
        setTimeout(() => {}, Math.max(0, poll.every - pm.response.responseTime));
    }
} else {
    if (rules.asked === null || rules.expect.length === 0 || problem) { test("GMS answers without an error", !problem, problem); }
    if (rules.created) {
        const id = find(["_id"]) || find(["id"]) || find(["chatId"]);
        if (id) { pm.collectionVariables.set(rules.created, text(id)); }
    }
    if (!problem) { finish(); }
    if (failed && !(rules.keep_going || rules.always)) { next(rules.clean_up); }
}
})();
