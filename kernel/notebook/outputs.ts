import type { Message } from "../core/message.ts";
import type { MimeBundle } from "../language/language.ts";
import type { Metadata, NotebookOutput } from "./notebook.ts";

/**
 * Gathers what cells show into the outputs that a notebook file keeps: streams are joined, `clear_output` clears, and an
 * update of a display changes every output that shows it, also in cells that ran before. One collector serves the
 * cells of one notebook.
 */
export class OutputCollector {
  readonly #displays = new Map<string, { data: MimeBundle; metadata: Metadata }[]>();

  /** The outputs of one cell: pass it the cell's iopub messages; `outputs` is always up to date. */
  cell(): { readonly outputs: NotebookOutput[]; handle(message: Pick<Message, "header" | "content">): void } {
    const outputs: NotebookOutput[] = [];
    let clearNext = false;
    const add = (output: NotebookOutput) => {
      if (clearNext) outputs.length = 0;
      clearNext = false;
      outputs.push(output);
    };
    return {
      outputs,
      handle: ({ header, content }) => {
        switch (header.msg_type) {
          case "stream": {
            const { name, text } = content as { name: "stdout" | "stderr"; text: string };
            const last = clearNext ? undefined : outputs.at(-1);
            if (last?.output_type === "stream" && last.name === name) last.text += text;
            else add({ output_type: "stream", name, text });
            return;
          }
          case "display_data": {
            const { data, metadata } = content as { data: MimeBundle; metadata: Metadata };
            const output: NotebookOutput = { output_type: "display_data", data, metadata };
            add(output);
            const id = displayId(content);
            if (id !== undefined) this.#displays.set(id, [...(this.#displays.get(id) ?? []), output]);
            return;
          }
          case "update_display_data": {
            const { data, metadata } = content as { data: MimeBundle; metadata: Metadata };
            for (const output of this.#displays.get(displayId(content) ?? "") ?? []) {
              output.data = data;
              output.metadata = metadata;
            }
            return;
          }
          case "execute_result": {
            const { data, metadata, execution_count } = content as {
              data: MimeBundle;
              metadata: Metadata;
              execution_count: number | null;
            };
            add({ output_type: "execute_result", data, metadata, execution_count });
            return;
          }
          case "error": {
            const { ename, evalue, traceback } = content as {
              ename: string;
              evalue: string;
              traceback: string[];
            };
            add({ output_type: "error", ename, evalue, traceback });
            return;
          }
          case "clear_output":
            if (content.wait === true) clearNext = true;
            else outputs.length = 0;
            return;
        }
      },
    };
  }
}

function displayId(content: Message["content"]): string | undefined {
  return (content.transient as { display_id?: string } | undefined)?.display_id;
}
