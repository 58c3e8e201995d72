"use strict";
(() => {
  const block = document.getElementById("proofs");
  const verdict = document.getElementById("verdict");
  const say = (words, good) => {
    verdict.textContent = words;
    verdict.className = good ? "ok" : "bad";
  };
  if (!window.crypto || !crypto.subtle) {
    say("这个浏览器在此地址不能核验:请用 https 打开,或把整个目录下载后打开", false);
    return;
  }
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const join = (...parts) => {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  };
  const sha = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", join(...parts)));
  const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
  const node = (left, right) => sha(Uint8Array.of(1), left, right);

  // RFC 9162 2.1.3.2: the root above leaf `index` of `size` leaves; every hash of the way must be used.
  async function rootAbove(leaf, index, size, path) {
    let [fn, sn, hash] = [index, size - 1, leaf];
    for (const next of path) {
      if (sn === 0) throw new Error("too long");
      if (fn % 2 === 1 || fn === sn) {
        hash = await node(next, hash);
        while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
      } else {
        hash = await node(hash, next);
      }
      [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    }
    if (sn !== 0) throw new Error("too short");
    return hash;
  }

  // docs/reference/log-format.md: tag, position, version, then stream, topic, frame and state, each with its length.
  function read(record) {
    const tag = "xianjie.event.1\n";
    const utf8 = new TextDecoder("utf-8", { fatal: true });
    if (utf8.decode(record.subarray(0, tag.length)) !== tag) throw new Error("format");
    const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
    const position = Number(view.getBigUint64(tag.length));
    let at = tag.length + 16;
    const parts = [];
    for (let part = 0; part < 4; part += 1) {
      const length = view.getUint32(at);
      parts.push(record.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    if (at !== record.length) throw new Error("length");
    // Shares can have more digits than a number holds exactly here: they stay text.
    const state = utf8.decode(parts[3]).replace(/"(numerator|denominator)":(\d+)/g, '"$1":"$2"');
    return { position, topic: utf8.decode(parts[1]), event: JSON.parse(state) };
  }

  const yuan = (fen) => {
    const digits = String(Math.abs(fen)).padStart(3, "0");
    const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
    return `${fen < 0 ? "-" : ""}${whole}.${digits.slice(-2)}`;
  };
  const money = /^-?[\d,]+\.\d\d$/;
  const text = (cell) => cell.textContent.trim();
  const fen = (cell) => (money.test(text(cell)) ? BigInt(text(cell).replace(/[^\d-]/g, "")) : 0n);
  const numbers = (list) => list.split(" ").filter(Boolean).map(Number);
  // The names that hold codes: words for any other would let a page say what it likes.
  const coded = new Set(
    ("@kind @state @change @step status holder_kind right cause to_on town village child_area project_type build_kind " +
      "fund_kind level direction asset_class asset_form").split(" "),
  );
  const word = (words, name, code) => (coded.has(name) && Object.hasOwn(words[name] ?? {}, code) ? words[name][code] : undefined);

  // The holders that a right was given to, as the public may see them: households together, with their number.
  function holders({ status, holdings = [] }, words) {
    if (status !== "held") return [[word(words, "status", status) ?? status, ""]];
    const less = (top, low) => {
      let [one, other] = [top, low];
      while (other) [one, other] = [other, one % other];
      return `${top / one}/${low / one}`;
    };
    const homes = holdings.filter((each) => each.kind === "household");
    const shown = holdings
      .filter((each) => each.kind !== "household")
      .map((each) => [
        each.name || `${word(words, "holder_kind", each.kind)}(${each.holder})`,
        less(BigInt(each.numerator), BigInt(each.denominator)),
      ]);
    if (homes.length) {
      let [top, low] = [0n, 1n];
      for (const each of homes) {
        top = top * BigInt(each.denominator) + BigInt(each.numerator) * low;
        low *= BigInt(each.denominator);
      }
      shown.push([`${word(words, "holder_kind", "household")} ${homes.length} 户`, less(top, low)]);
    }
    return shown;
  }

  // What an entry says under one name; a field that was left out is nothing, and 0 in a column of numbers.
  function said(name, { topic, event }, words, cell) {
    const nth = Number(cell.dataset.nth ?? 0);
    if (name === "@holder" || name === "@share") return holders(event, words)[nth]?.[name === "@share" ? 1 : 0];
    if (name === "@owners") {
      const all = holders(event, words).map(([who, share]) => (["", "1/1"].includes(share) ? who : `${who}(${share})`));
      return all.join("、");
    }
    if (name.startsWith("@")) return word(words, name, topic);
    if (name.endsWith("_fen")) return yuan(event[name] ?? 0);
    const value = event[name] ?? (cell.classList.contains("n") ? 0 : "");
    return word(words, name, value) ?? String(value);
  }

  // Whether an entry is about the thing of the cell's line: a project, say, or one of those that were published.
  function about(cell, event) {
    const [kind, ...code] = cell.closest("[data-thing]").dataset.thing.split(" ");
    const named = (event.subjects ?? []).some((each) => each.kind === kind && each.code === code.join(" "));
    return event[kind] === code.join(" ") || (kind !== "notice" && named);
  }

  // What a cell is told by: one entry about its thing, or, from such a one on, that of the tranches above.
  function told(cell, entries, words) {
    const entry = entries.get(Number(cell.dataset.at));
    const way = cell.dataset.via ? numbers(cell.dataset.via).map((at) => entries.get(at)) : [entry];
    if (!entry || way.at(-1) !== entry || !way[0] || !about(cell, way[0].event)) return undefined;
    for (const [step, each] of way.entries()) {
      const below = way[step - 1]?.event;
      if (!each || (below && each.event.tranche !== (step === 1 ? below.tranche : below.parent))) return undefined;
      each.used = true;
    }
    return cell.dataset.field.split(" ").map((name) => said(name, entry, words, cell)).join("");
  }

  // What an entry adds to a sum; "lines.amount_fen" is that field of each of its lines. A field left out is 0.
  const amount = (event, field) => {
    const [name, inner] = field.split(".");
    return inner ? (event[name] ?? []).reduce((sum, line) => sum + amount(line, inner), 0n) : BigInt(event[name] ?? 0);
  };
  // The sum over proved entries, each once, of this thing, of this measure, of this level; undefined where one is not.
  function summed(cell, entries, measures) {
    const { of, topics } = measures[cell.dataset.measure];
    const parts = numbers(cell.dataset.sum);
    if (new Set(parts).size < parts.length) return undefined;
    let sum = 0n;
    for (const position of parts) {
      const entry = entries.get(position) ?? {};
      const { topic, event } = entry;
      const level = cell.dataset.level;
      if (!topics[topic] || event[of] !== cell.dataset.of || (level && event.level !== level)) return undefined;
      sum += BigInt(topics[topic][1]) * amount(event, topics[topic][0]);
      entry.used = true;
    }
    return sum;
  }

  // The entries of the page that are in the ledger, by position.
  async function proved(data, wrong) {
    const root = bytes(data.root);
    const hashes = data.hashes.map(bytes);
    const entries = new Map();
    for (const [position, entry] of Object.entries(data.entries)) {
      try {
        const record = bytes(entry.record);
        const leaf = await sha(Uint8Array.of(0), record);
        const way = entry.path.map((number) => hashes[number]);
        const found = await rootAbove(leaf, Number(position) - 1, data.size, way);
        const about = read(record);
        if (!same(found, root) || about.position !== Number(position)) throw new Error("root");
        entries.set(Number(position), about);
      } catch {
        wrong.push(`第 ${position} 号记录不在账本之中`);
      }
    }
    return entries;
  }

  async function check() {
    const data = JSON.parse(block.textContent);
    const wrong = [];
    const refuse = (cell, words) => {
      cell.classList.add("bad");
      wrong.push(words);
    };
    if (data.root !== document.getElementById("root").textContent) wrong.push("本页的根值前后不一");
    const entries = await proved(data, wrong);
    if (!entries.size) wrong.push("本页没有附任何在账本之中的记录");
    const lines = document.querySelectorAll("main tbody tr, main .timeline li");
    if (lines.length !== data.lines) wrong.push(`本页应有 ${data.lines} 行,现有 ${lines.length} 行`);
    const references = [...document.querySelectorAll("main [data-at]")];
    if (references.map((cell) => cell.dataset.at).join() !== data.told.join()) wrong.push("各格所指的记录与凭据前后不一");
    const counts = { told: 0, sums: 0, marked: 0 };
    for (const cell of references) {
      counts.told += 1;
      if (told(cell, entries, data.words) !== text(cell)) {
        refuse(cell, `“${text(cell)}”不是第 ${cell.dataset.at} 号记录所说的`);
      }
    }
    for (const cell of document.querySelectorAll("main [data-sum]")) {
      counts[cell.dataset.sum ? "sums" : "marked"] += 1;
      if (!money.test(text(cell)) || summed(cell, entries, data.measures) !== fen(cell)) {
        refuse(cell, `“${text(cell)}”不是所列记录(第 ${cell.dataset.sum || "无"} 号)之和`);
      }
    }
    for (const cell of document.querySelectorAll("main tbody td:not([data-at]):not([data-sum])")) {
      if (cell.classList.contains("u")) counts.marked += 1;
      else if (text(cell)) refuse(cell, `“${text(cell)}”没有记录可比`);
    }
    for (const table of document.querySelectorAll("table[data-whole]")) {
      const totals = table.tFoot ? [...table.tFoot.rows[0].cells] : [];
      totals.forEach((cell, column) => {
        if (!cell.classList.contains("n") || !text(cell)) return;
        const total = [...table.tBodies[0].rows].reduce((sum, row) => sum + fen(row.cells[column]), 0n);
        if (!money.test(text(cell)) || total !== fen(cell)) refuse(cell, `合计“${text(cell)}”与各行之和不符`);
      });
    }
    const idle = [...entries].filter(([, entry]) => !entry.used).map(([position]) => position);
    if (idle.length) wrong.push(`附有第 ${idle.slice(0, 3).join("、")} 号记录,本页却没有列出`);
    if (wrong.length) say(`核验不符:${wrong.slice(0, 3).join(";")}`, false);
    else {
      const marked = counts.marked ? `;${counts.marked} 格带“°”,没有记录可比,未核验` : "";
      say(
        `核验相符:${entries.size} 条记录都在账本根值之下;本页 ${lines.length} 行中 ${counts.told} 格与记录逐格一致,` +
          `${counts.sums} 个金额由记录逐条相加得出${marked}。请与公告纸面上的根值比对。`,
        true,
      );
    }
  }
  check().catch(() => say("核验不符:本页的凭据不完整", false));
})();
