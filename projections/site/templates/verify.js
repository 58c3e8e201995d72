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
    const text = new TextDecoder("utf-8", { fatal: true });
    if (text.decode(record.subarray(0, tag.length)) !== tag) throw new Error("format");
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
    return { position, topic: text.decode(parts[1]), event: JSON.parse(text.decode(parts[3])) };
  }

  const yuan = (fen) => {
    const digits = String(Math.abs(fen)).padStart(3, "0");
    const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
    return `${fen < 0 ? "-" : ""}${whole}.${digits.slice(-2)}`;
  };
  const money = /^-?[\d,]+\.\d\d$/;
  const fen = (cell) => (money.test(cell.textContent.trim()) ? BigInt(cell.textContent.replace(/[^\d-]/g, "")) : 0n);
  const shown = (field, value) => (field.endsWith("_fen") ? yuan(value ?? 0) : String(value ?? ""));

  // What an entry adds to a sum; "lines.amount_fen" is that field of each of its lines. A field left out is 0.
  const amount = (event, field) => {
    const [name, inner] = field.split(".");
    return inner ? (event[name] ?? []).reduce((sum, line) => sum + amount(line, inner), 0n) : BigInt(event[name] ?? 0);
  };
  // The sum over proved entries, each of this thing, of this measure, of this level; undefined where one is not.
  function summed(cell, entries, measures) {
    const { of, topics } = measures[cell.dataset.measure];
    let sum = 0n;
    for (const position of cell.dataset.sum.split(" ").filter(Boolean)) {
      const { topic, event } = entries.get(Number(position)) ?? {};
      const level = cell.dataset.level;
      if (!topics[topic] || event[of] !== cell.dataset.of || (level && event.level !== level)) return undefined;
      sum += BigInt(topics[topic][1]) * amount(event, topics[topic][0]);
    }
    return sum;
  }

  async function check() {
    const data = JSON.parse(block.textContent);
    const root = bytes(data.root);
    const hashes = data.hashes.map(bytes);
    const entries = new Map();
    const wrong = [];
    if (data.root !== document.getElementById("root").textContent) wrong.push("本页的根值前后不一");
    for (const [position, entry] of Object.entries(data.entries)) {
      try {
        const record = bytes(entry.record);
        const leaf = await sha(Uint8Array.of(0), record);
        const way = entry.path.map((number) => hashes[number]);
        const found = await rootAbove(leaf, Number(position) - 1, data.size, way);
        const said = read(record);
        if (!same(found, root) || said.position !== Number(position)) throw new Error("root");
        entries.set(Number(position), said);
      } catch {
        wrong.push(`第 ${position} 号记录不在账本之中`);
      }
    }
    for (const cell of document.querySelectorAll("[data-at]")) {
      const { event } = entries.get(Number(cell.dataset.at)) ?? {};
      if (event && shown(cell.dataset.field, event[cell.dataset.field]) !== cell.textContent.trim()) {
        cell.classList.add("bad");
        wrong.push(`第 ${cell.dataset.at} 号:本页写“${cell.textContent.trim()}”,账本不是`);
      }
    }
    const sums = document.querySelectorAll("[data-sum]");
    for (const cell of sums) {
      const sum = summed(cell, entries, data.measures);
      if (sum !== fen(cell)) {
        cell.classList.add("bad");
        wrong.push(`“${cell.textContent.trim()}”不是所列记录(第 ${cell.dataset.sum || "无"} 号)之和`);
      }
    }
    for (const table of document.querySelectorAll("table[data-whole]")) {
      const totals = table.tFoot ? [...table.tFoot.rows[0].cells] : [];
      totals.forEach((cell, column) => {
        if (!money.test(cell.textContent.trim())) return;
        const total = [...table.tBodies[0].rows].reduce((sum, row) => sum + fen(row.cells[column]), 0n);
        if (total !== fen(cell)) wrong.push(`合计“${cell.textContent.trim()}”与各行之和不符`);
      });
    }
    if (wrong.length) say(`核验不符:${wrong.slice(0, 3).join(";")}`, false);
    else {
      const added = sums.length ? `,${sums.length} 个金额由记录逐条相加得出` : "";
      say(`核验相符:${entries.size} 条记录都在账本根值之下,本页所列与记录一致${added}。请与公告纸面上的根值比对。`, true);
    }
  }
  check().catch(() => say("核验不符:本页的凭据不完整", false));
})();
