import { z } from "zod";
import { schemaProblems } from "#core/kernel/schema-problem.ts";
import type { Principal } from "#features/access/index.ts";
import type { Answer, Endpoint, RawInput, ServedEndpoint } from "./endpoint.ts";
import { InvalidFieldsError, type FieldProblem } from "./problem.ts";

/** An endpoint of JSON in and out, with the types of its schemas handed to its handler. */
interface Definition<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Response extends z.ZodType,
> extends Omit<Endpoint, "params" | "query" | "body" | "replies" | "errors" | "headers"> {
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly response: Response;
  /** Status of the answer; 200 when absent. 204 sends no body. */
  readonly status?: number;
  readonly responseDescription: string;
  /** Largest body, bytes, where it is not the control plane's usual one. */
  readonly bodyBytesMax?: number;
  readonly answer: (input: {
    readonly params: z.output<Params>;
    readonly query: z.output<Query>;
    readonly body: z.output<Body>;
    readonly principal: Principal;
  }) => Promise<z.output<Response>>;
}

const nothing = z.object({});

/** Makes an endpoint that Fastify serves: its input is parsed by its schemas, its answer typed by its response. */
export function served<
  Response extends z.ZodType,
  Params extends z.ZodObject = typeof nothing,
  Query extends z.ZodObject = typeof nothing,
  Body extends z.ZodType = z.ZodUnknown,
>(definition: Definition<Params, Query, Body, Response>): ServedEndpoint {
  const { answer, response, responseDescription, status = 200, ...endpoint } = definition;
  const read = inputReader(definition);
  return {
    ...endpoint,
    errors: "problem",
    replies: {
      [status]: {
        description: responseDescription,
        ...(status !== 204 && { content: { "application/json": response } }),
      },
    },
    handle: async (input): Promise<Answer> => {
      const body = await answer(read(input));
      return status === 204 ? { status } : { status, body };
    },
  };
}

/**
 * Makes the function that parses the three parts of an endpoint's input. It reports what is wrong in all of them at once.
 * @throws InvalidFieldsError (the function)
 */
export function inputReader<
  Params extends z.ZodObject = typeof nothing,
  Query extends z.ZodObject = typeof nothing,
  Body extends z.ZodType = z.ZodUnknown,
>(definition: {
  readonly method: string;
  readonly path: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
}) {
  return (input: RawInput) => {
    const params = parsed(definition.params, input.params, "path");
    const query = parsed(definition.query, input.query, "query");
    const body = parsed(definition.body, input.body, "body");
    const fields = [...params.fields, ...query.fields, ...body.fields];
    const [first] = fields;
    if (first) {
      throw new InvalidFieldsError(
        `Cannot serve "${definition.method} ${definition.path}": ${first.field} must be ${first.wanted}, it is ${first.actual}`,
        fields,
      );
    }
    // Without problems each part is its schema's output; a part without a schema is never read.
    return {
      params: params.value as z.output<Params>,
      query: query.value as z.output<Query>,
      body: body.value as z.output<Body>,
      principal: input.principal,
    };
  };
}

interface Parsed {
  readonly value: unknown;
  readonly fields: readonly FieldProblem[];
}

function parsed(schema: z.ZodType | undefined, value: unknown, part: string): Parsed {
  if (!schema) return { value: {}, fields: [] };
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data, fields: [] };
  return {
    value: undefined,
    fields: schemaProblems(result.error, value).map(({ path, wanted, actual }) => ({
      field: [part, ...path].join("."),
      wanted,
      actual,
    })),
  };
}
