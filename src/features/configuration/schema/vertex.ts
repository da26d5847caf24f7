import { z } from "zod";

const locationWanted = "a location of Google Cloud such as europe-west4, global, eu or us";

/** `providers.<name>.vertex` */
export const vertexSchema = z
  .strictObject({
    project: z
      .string()
      .min(1)
      .meta({
        description: "Id of the Google Cloud project that is billed; may hold ${NAME} references.",
        examples: ["${GCP_PROJECT}", "my-project"],
      }),
    location: z
      .string({ error: locationWanted })
      .regex(/^[a-z][a-z0-9-]{1,40}$/, { error: locationWanted })
      .default("global")
      .meta({
        description:
          "Where it is served: a region keeps requests in it, `eu` and `us` in theirs, `global` (the default) anywhere.",
        examples: ["europe-west4"],
      }),
    credentials_file: z
      .string()
      .min(1)
      .optional()
      .meta({
        description:
          "Path of the JSON file of a service account or an authorized user; may hold ${NAME} references. Without it the application-default credentials are used: GOOGLE_APPLICATION_CREDENTIALS, gcloud's own file, or the metadata server.",
        examples: ["${VERTEX_CREDENTIALS_FILE}", "/run/secrets/vertex.json"],
      }),
  })
  .meta({
    description:
      "The provider is Vertex AI: Google Cloud's own way to the Gemini models, with a service account's token instead of a key.",
  });

/** Vertex AI as written. */
export type VertexSettings = z.output<typeof vertexSchema>;
