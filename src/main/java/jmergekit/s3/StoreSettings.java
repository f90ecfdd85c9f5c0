package jmergekit.s3;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import org.jspecify.annotations.Nullable;

/// The address and the credentials of the store, as far as environment variables set them; the rest
/// is resolved as in Amazon's own tools, which read the same variables.
///
/// @param endpoint the address of a store that is not Amazon's
/// @param profile the profile in the tools' shared files
/// @param keys if they are given; otherwise the SDK looks for them
/// @param anonymous whether to send unsigned requests, for public buckets
record StoreSettings(
        Optional<URI> endpoint,
        Optional<String> region,
        Optional<String> profile,
        Optional<Keys> keys,
        boolean anonymous) {
    private static final Set<String> YES = Set.of("1", "YES", "TRUE", "ON");

    /// Credentials. They never appear in a message.
    record Keys(String id, String secret, @Nullable String session) {
        @Override
        public String toString() {
            return "(hidden)";
        }
    }

    /// @throws MergeException if a variable is invalid
    static StoreSettings of(Map<String, String> environment) {
        return new Variables(environment).settings();
    }

    private record Variables(Map<String, String> environment) {
        StoreSettings settings() {
            return new StoreSettings(
                    endpoint("AWS_ENDPOINT_URL_S3").or(() -> endpoint("AWS_ENDPOINT_URL")),
                    text("AWS_REGION").or(() -> text("AWS_DEFAULT_REGION")),
                    text("AWS_PROFILE"),
                    keys(),
                    text("AWS_NO_SIGN_REQUEST")
                            .map(v -> YES.contains(v.toUpperCase(Locale.ROOT)))
                            .orElse(false));
        }

        private Optional<String> text(String name) {
            return Optional.ofNullable(environment.get(name))
                    .map(String::strip)
                    .filter(v -> !v.isEmpty());
        }

        private Optional<Keys> keys() {
            Optional<String> id = text("AWS_ACCESS_KEY_ID");
            Optional<String> secret = text("AWS_SECRET_ACCESS_KEY");
            if (id.isPresent() != secret.isPresent()) {
                throw new MergeException(
                        Problem.usage(
                                        id.isPresent()
                                                ? "AWS_SECRET_ACCESS_KEY"
                                                : "AWS_ACCESS_KEY_ID",
                                        "is not set, but the other half of the key is")
                                .hint("set both or none of them"));
            }
            return id.map(i -> new Keys(i, secret.get(), text("AWS_SESSION_TOKEN").orElse(null)));
        }

        private Optional<URI> endpoint(String name) {
            return text(name).map(t -> StoreSettings.endpoint(name, t));
        }
    }

    /// @param name the name of the setting in messages
    /// @throws MergeException if the text is not a valid address of a store
    static URI endpoint(String name, String text) {
        try {
            URI endpoint = new URI(text.replaceAll("/+$", ""));
            boolean usable =
                    Set.of("http", "https").contains(String.valueOf(endpoint.getScheme()))
                            && endpoint.getHost() != null
                            && endpoint.getRawQuery() == null
                            && endpoint.getRawUserInfo() == null;
            if (usable) {
                return endpoint;
            }
        } catch (URISyntaxException e) {
            // Reported below, like other invalid addresses.
        }
        throw new MergeException(
                Problem.usage(name, "not a valid address of a store")
                        .expected("an address such as 'https://minio.example.org:9000'")
                        .found("'" + text.replaceFirst("//.*@", "//(hidden)@") + "'")
                        .hint(
                                text.contains("@")
                                        ? "omit name and password; use AWS_ACCESS_KEY_ID to log in"
                                        : "check its spelling"));
    }
}
