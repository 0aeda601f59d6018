// How docker-machine is to set up the Docker engine: its `--engine-…` options.
import { Field } from "../parts/field.tsx";
import { Notice } from "../parts/notice.tsx";
import { PlainInput } from "../parts/plain-input.tsx";
import { RowInput } from "../parts/row-input.tsx";
import { type EngineDraft, listLost } from "./engine.ts";
import { ListInput } from "./list-input.tsx";
import { holdsCredentials, isSecretOfEngine } from "./secret-names.ts";

export interface EngineFormProps {
  engine: EngineDraft;
  errors: Readonly<Record<string, string>>;
  /** Places of texts that were there before and are kept nowhere. */
  lost: readonly string[];
  onChange(engine: EngineDraft): void;
}

const texts = [
  ["installUrl", "Install URL", "--engine-install-url: the script that installs the engine"],
  ["storageDriver", "Storage driver", "--engine-storage-driver"],
] as const;
const lists = [
  ["registryMirrors", "Registry mirrors", "registry mirror", "--engine-registry-mirror: https://mirror.example.com"],
  [
    "insecureRegistries",
    "Insecure registries",
    "insecure registry",
    "--engine-insecure-registry: host:port, or a network",
  ],
  [
    "options",
    "Engine flags",
    "engine flag",
    "--engine-opt: as the engine's own flags, without dashes: log-driver=json-file",
  ],
] as const;

export function EngineForm({ engine, errors, lost, onChange }: EngineFormProps) {
  const change = (part: Partial<EngineDraft>) => onChange({ ...engine, ...part });
  const places = listLost(engine, lost).map((place) => place.replace(".", " "));
  return (
    <>
      {places.length > 0 && (
        <Notice kind="warning">Kept nowhere, so to be given again if still wanted: {places.join(", ")}.</Notice>
      )}
      <div class="options-grid">
        {texts.map(([name, label, help]) => (
          <Field key={name} label={label} help={help} error={errors[name]}>
            {(control) => (
              <PlainInput
                {...control}
                isSecret={holdsCredentials(engine[name])}
                value={engine[name]}
                onText={(text) => change({ [name]: text })}
              />
            )}
          </Field>
        ))}
        {lists.map(([name, label, word, help]) => (
          <Field key={name} label={label} help={help} error={errors[name]}>
            {(control) => (
              <ListInput
                control={control}
                label={word}
                values={engine[name]}
                onChange={(values) => change({ [name]: values })}
              />
            )}
          </Field>
        ))}
        <RowInput
          label="Engine environment"
          word="variable"
          help="--engine-env: HTTP_PROXY, for example"
          isSecret={({ name, value }) => isSecretOfEngine(`environment.${name}`, value)}
          rows={engine.environment}
          error={errors.environment}
          onChange={(environment) => change({ environment })}
        />
        <RowInput
          label="Engine labels"
          word="engine label"
          help="--engine-label"
          rows={engine.labels}
          error={errors.labels}
          onChange={(labels) => change({ labels })}
        />
      </div>
    </>
  );
}
