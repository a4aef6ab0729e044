const { Simulation } = await import("./run-schedule.ts");
const s = await Simulation.start();
let n = 0; const c0 = process.cpuUsage(); const t0 = performance.now();
const from = Number(process.argv[2] ?? 1), k = Number(process.argv[3] ?? 100);
for (let i = from; i < from + k; i++) { const o = await s.run(i); for (const l of o.trace) if (/^ *\d+ ([a-z-]+(?: \(looking\))?) ([A-Z\/].*)$/.test(l)) n++; if (o.violations.length) console.log(i, o.violations.map((v) => v.invariant + " " + v.message).join(" | ")); }
const c = process.cpuUsage(c0); console.log("calls", n / k, "cpu", (c.user + c.system) / 1000 / k, "wall", (performance.now() - t0) / k, ((c.user + c.system) / n).toFixed(0), "us/call");
process.exit();
