// What gift-pegjs, a GIFT parser of others, makes of the files in tests/quizzes/formats/gift/. Its word is kept beside
// them as JSON, so that the tests that compare ours with it need no Node.
//
//   npm install --prefix /tmp/judge gift-pegjs@1.0.2 && NODE_PATH=/tmp/judge/node_modules node scripts/judge_gift.mjs
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const { parse } = createRequire(`${process.env.NODE_PATH}/`)("gift-pegjs");
const folder = new URL("../tests/quizzes/formats/gift/", import.meta.url);
for (const name of readdirSync(folder).filter((name) => name.endsWith(".gift"))) {
  const judged = parse(readFileSync(new URL(name, folder), "utf8"));
  writeFileSync(new URL(name.replace(".gift", ".json"), folder), `${JSON.stringify(judged, null, 1)}\n`);
  console.log(`${name}: ${judged.length} soal`);
}
