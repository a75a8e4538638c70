// The last line of a CI run: adds up the reports of the test suites. A report that is missing, a skipped test and a
// step that failed without a failing test all count as failures.
import { readFileSync } from "node:fs";

const [failedSteps, ...reports] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const path of reports) {
  try {
    const report = JSON.parse(readFileSync(path, "utf8"));
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
