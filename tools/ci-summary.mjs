// The last lines of a CI run: each test that did not pass, with its first lines of why; how a process of the tests ended
// that should not have; the last lines of another step that failed; and the sum over the reports of the test suites. A
// report that is missing, a skipped test and a step that failed without a failing test all count as failures.
//
// node tools/ci-summary.mjs FOLDER [FAILED STEP...]: the folder has STEP.log of each step and STEP.json of tests.
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

const [folder, ...failedSteps] = process.argv.slice(2);
const suites = ["unit-tests", "end-to-end-tests"];
let passed = 0;
let failed = 0;
for (const suite of suites) {
  try {
    const report = JSON.parse(readFileSync(join(folder, `${suite}.json`), "utf8"));
    for (const file of report.testResults) {
      if (file.assertionResults.length === 0)
        console.log(`\nNot run: ${relative(".", file.name)}\n  ${file.message}`);
      for (const { status, fullName, failureMessages } of file.assertionResults) {
        if (status === "passed") continue;
        const why = (failureMessages ?? [])
          .join("\n")
          .split("\n")
          .filter((line) => !line.includes("node_modules"))
          .slice(0, 12)
          .join("\n  ");
        console.log(`\nNot passed (${status}): ${relative(".", file.name)} > ${fullName}\n  ${why}`);
      }
    }
    passed += report.numPassedTests;
    failed +=
      report.numTotalTests -
      report.numPassedTests +
      (report.numFailedTestSuites > 0 && report.numFailedTests === 0 ? 1 : 0);
  } catch {
    console.error(`${suite}.json is missing: its tests did not run.`);
    failed++;
  }
}
for (const step of failedSteps) {
  const lines = linesOf(step);
  if (!suites.includes(step)) {
    console.log(`\nThe end of ${step}:\n  ${lines.slice(-20).join("\n  ")}`);
    continue;
  }
  // What no report has: errors outside of tests, the signal that ended a process, and what V8 said at its end.
  const start = lines.findIndex((line) => /Unhandled Errors|^# Fatal error|^FATAL ERROR/.test(line));
  if (start >= 0)
    console.log(`\nOutside of tests, in ${step}:\n  ${lines.slice(start, start + 40).join("\n  ")}`);
}
if (failed === 0) failed += failedSteps.length;
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** What a step printed, without colours and empty lines. */
function linesOf(step) {
  const file = join(folder, `${step}.log`);
  if (!existsSync(file)) return [];
  return stripVTControlCharacters(readFileSync(file, "utf8"))
    .split("\n")
    .filter((line) => line.trim() !== "");
}
