"""Runs jupyter_kernel_test, Jupyter's own conformance suite, on the hmap kernel.

Prints one JSON object: the test method names that passed, that were skipped, and for those that failed the message. Every
attribute of the suite is set. Used by jupyter.e2e.ts.
"""

import json
import unittest

import jupyter_kernel_test


class Kernel(jupyter_kernel_test.KernelTests):
    kernel_name = "hmap"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('something is odd')"
    complete_code_samples = ["1 + 1", "const x: number = 1;", "function f() {\n  return 2;\n}", "await 0"]
    incomplete_code_samples = ["function f() {", "const x = [1,", "`a template"]
    invalid_code_samples = ["const = 1", "1 +* 2", "let a: ;"]
    code_generate_error = "throw new TypeError('on purpose')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "const word: string = 'fig'; word", "result": "'fig'"},
        {"code": "await Promise.resolve([1, 2])", "result": "[ 1, 2 ]"},
    ]
    code_display_data = [
        {"code": "display({ 'text/html': '<b>hi</b>' }, { raw: true }); 0", "mime": "text/html"},
        {
            "code": "display({ [Symbol.for('Jupyter.display')]: () => ({ 'image/svg+xml': '<svg/>' }) }); 0",
            "mime": "image/svg+xml",
        },
    ]
    code_clear_output = "console.clear()"
    # Answered alike from the values there are and, once the compiler has started, from types.
    completion_samples = [
        {"text": "Math.hyp", "matches": ["hypot"]},
        {"text": "'😀'; Number.isSaf", "matches": ["isSafeInteger"]},
    ]
    code_inspect_sample = "Math.max"
    code_page_something = "Jupyter.page('a long text')"
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6*7"


class Welcome(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "hmap"
    support_iopub_welcome = True


class Recording(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.passed = []

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed.append(name(test))


def name(test):
    # A subtest names its test in `test_case`.
    return getattr(test, "test_case", test)._testMethodName


if __name__ == "__main__":
    loader = unittest.TestLoader()
    suite = unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in (Kernel, Welcome))
    result = Recording()
    suite.run(result)
    failed = result.failures + result.errors
    print(
        json.dumps(
            {
                "passed": sorted(result.passed),
                "skipped": sorted({name(test) for test, _ in result.skipped}),
                "failed": {name(test): message for test, message in failed},
            }
        )
    )
