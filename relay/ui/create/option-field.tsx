// One option of a driver: its control, and all that docker-machine says of it.
import { useId } from "preact/hooks";
import type { OptionValue } from "../../../functions/contract.ts";
import { type ControlProps, Field } from "../parts/field.tsx";
import { PlainInput } from "../parts/plain-input.tsx";
import { Text } from "../parts/text.tsx";
import { FileInput } from "./file-input.tsx";
import { ListInput } from "./list-input.tsx";
import { choicesOf, type FormOption, isGiven, titleOf, typeOf } from "./option-values.ts";

export interface OptionFieldProps {
  option: FormOption;
  value: OptionValue | undefined;
  error: string | undefined;
  /** `kept`: the machine has this secret. `lost`: it was given before, and nobody has it any more. */
  before: "kept" | "lost" | undefined;
  /** Undefined: left to the driver. */
  onChange(value: OptionValue | undefined): void;
}

export function OptionField({ option, value, error, before, onChange }: OptionFieldProps) {
  const isNeeded = (option.isRequired ?? false) && before !== "kept";
  return (
    <Field label={titleOf(option)} isRequired={isNeeded} error={error} help={<Help {...{ option, value, before }} />}>
      {(control) => <Control {...{ control, option, value, before, onChange }} />}
    </Field>
  );
}

function Help({ option, value, before }: Pick<OptionFieldProps, "option" | "value" | "before">) {
  const { text, flag, default: byDefault, environmentVariable, isSetThere, recommended } = option;
  return (
    <>
      {text !== "" && <Text>{text}</Text>}
      <span class="options-facts">
        <span>{typeOf(option)}</span>
        {byDefault !== null && byDefault !== "" && (
          <span>
            default: <Text>{byDefault}</Text>
          </span>
        )}
        <code>{flag}</code>
        {environmentVariable !== null && <code>${environmentVariable}</code>}
      </span>
      {isSetThere && <span class="options-there">Set where the functions run: left empty, that is used.</span>}
      {recommended && !isSetThere && !isGiven(value) && (
        <span class="options-there">
          Left empty, <Text>{recommended.value ?? recommended.lookUp ?? ""}</Text> is taken: {recommended.reason}.
        </span>
      )}
      {before === "lost" && !isGiven(value) && (
        <span class="options-lost">Must be given again: what it was is kept nowhere here.</span>
      )}
      {before === "kept" && !isGiven(value) && (
        <span class="options-there">The machine has one: left empty, it stays.</span>
      )}
    </>
  );
}

interface ControlOfOption extends Omit<OptionFieldProps, "error"> {
  control: ControlProps;
}

function Control({ control, option, value, before, onChange }: ControlOfOption) {
  const { type, isFile, isSecret } = option;
  const label = titleOf(option);
  if (isFile) {
    const content = typeof value === "object" && !Array.isArray(value) ? value.content : "";
    const change = (text: string) => onChange(text === "" ? undefined : { content: text });
    return <FileInput control={control} label={label} content={content} onChange={change} />;
  }
  if (type === "list") {
    const values = Array.isArray(value) ? value : textOf(value) === "" ? [] : [textOf(value)];
    const change = (texts: string[]) => onChange(texts.length === 0 ? undefined : texts);
    return <ListInput control={control} label={label} values={values} isSecret={isSecret} onChange={change} />;
  }
  if (type === "boolean") return <Switch control={control} isOn={value === true} onChange={onChange} />;
  if (type === "unknown") return <TextOrSwitch {...{ control, option, value, before, onChange }} />;
  return <TextInput {...{ control, option, value, before, onChange }} />;
}

function TextInput({ control, option, value, before, onChange }: ControlOfOption) {
  const listId = useId();
  const choices = choicesOf(option);
  return (
    <>
      <PlainInput
        {...control}
        isSecret={option.isSecret}
        value={textOf(value)}
        placeholder={before === "kept" ? "********" : ""}
        {...(choices.length > 0 ? { list: listId } : {})}
        onText={(text) => onChange(text === "" ? undefined : text)}
      />
      {choices.length > 0 && (
        <datalist id={listId}>
          {choices.map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
      )}
    </>
  );
}

/** One that is off is not sent: docker-machine has no way to say no. */
function Switch({
  control,
  isOn,
  onChange,
}: {
  control: ControlProps;
  isOn: boolean;
  onChange: OptionFieldProps["onChange"];
}) {
  return (
    <span class="options-switch">
      <input
        {...control}
        type="checkbox"
        role="switch"
        checked={isOn}
        aria-checked={isOn}
        onChange={({ currentTarget }) => onChange(currentTarget.checked || undefined)}
      />
      <span aria-hidden="true">{isOn ? "on" : "off"}</span>
    </span>
  );
}

/** The help does not tell whether it takes a text. */
function TextOrSwitch(props: ControlOfOption) {
  const { control, option, value, onChange } = props;
  const choice = value === undefined ? "" : value === true ? "on" : "text";
  const { id, ...described } = control;
  return (
    <span class="options-either">
      <select
        {...control}
        value={choice}
        onChange={({ currentTarget }) => {
          const chosen = currentTarget.value;
          onChange(chosen === "" ? undefined : chosen === "on" || "");
        }}
      >
        <option value="">left to the driver</option>
        <option value="on">switched on</option>
        <option value="text">with this text</option>
      </select>
      {choice === "text" && (
        <PlainInput
          {...described}
          aria-label={`Text of ${titleOf(option)}`}
          isSecret={option.isSecret}
          value={textOf(value)}
          onText={onChange}
        />
      )}
    </span>
  );
}

function textOf(value: OptionValue | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
