// The last lines of a CI run: each test that did not pass, with its first lines of why, and the sum over the reports of
// the test suites. A report that is missing, a skipped test and a step that failed without a failing test all count as
// failures.
import { readFileSync } from "node:fs";
import { relative } from "node:path";

const [failedSteps, ...reports] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const path of reports) {
  try {
    const report = JSON.parse(readFileSync(path, "utf8"));
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
    console.error(`${path} is missing: its tests did not run.`);
    failed++;
  }
}
if (failed === 0) failed += Number(failedSteps);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
