package jmergekit.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/// Creates the SDK's client for a store.
record StoreClient(StoreSettings settings) {
    private static final Duration PATIENCE_TO_CONNECT = Duration.ofSeconds(10);

    /// How long a store may send nothing.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// Other vendors' stores accept any region, and most use this name.
    private static final Region ANY = Region.US_EAST_1;

    S3Client client() {
        S3ClientBuilder builder =
                S3Client.builder()
                        .httpClientBuilder(
                                UrlConnectionHttpClient.builder()
                                        .connectionTimeout(PATIENCE_TO_CONNECT)
                                        .socketTimeout(PATIENCE))
                        .credentialsProvider(credentials())
                        .region(region())
                        .overrideConfiguration(o -> {
                            o.retryStrategy(RetryMode.STANDARD);
                            settings.profile().ifPresent(o::defaultProfileName);
                        })
                        // Not all stores support the newer checksums, or bodies in signed chunks:
                        // each upload has its own hash.
                        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                        .serviceConfiguration(
                                S3Configuration.builder()
                                        .chunkedEncodingEnabled(false)
                                        .expectContinueEnabled(false)
                                        .build());
        Optional<URI> endpoint = endpoint();
        if (endpoint.isPresent()) {
            builder.endpointOverride(endpoint.get()).forcePathStyle(true);
        } else {
            // A bucket may be in a region that the user need not know.
            builder.crossRegionAccessEnabled(true);
        }
        return builder.build();
    }

    /// The name of the store in messages.
    String server() {
        return endpoint().map(URI::getAuthority).orElse("Amazon S3");
    }

    private Optional<URI> endpoint() {
        return settings.endpoint()
                .or(() ->
                        ofProfile("endpoint_url")
                                .map(t -> StoreSettings.endpoint("endpoint_url", t)));
    }

    /// The shared files belong to the user, and an invalid setting in them is not a defect of ours.
    private static <T> T readable(Supplier<T> files) {
        try {
            return files.get();
        } catch (IllegalArgumentException e) {
            throw new MergeException(
                    Problem.usage("~/.aws", "its files cannot be read")
                            .found(String.valueOf(e.getMessage()))
                            .hint("correct ~/.aws/config or ~/.aws/credentials"),
                    e);
        }
    }

    private Optional<String> ofProfile(String property) {
        String name =
                settings.profile()
                        .orElseGet(ProfileFileSystemSetting.AWS_PROFILE::getStringValueOrThrow);
        return readable(ProfileFile::defaultProfileFile)
                .profile(name)
                .flatMap(p -> p.property(property));
    }

    private AwsCredentialsProvider credentials() {
        if (settings.anonymous()) {
            return AnonymousCredentialsProvider.create();
        }
        if (settings.keys().isPresent()) {
            StoreSettings.Keys keys = settings.keys().get();
            return StaticCredentialsProvider.create(
                    keys.session() == null
                            ? AwsBasicCredentials.create(keys.id(), keys.secret())
                            : AwsSessionCredentials.create(
                                    keys.id(), keys.secret(), keys.session()));
        }
        DefaultCredentialsProvider.Builder chain = DefaultCredentialsProvider.builder();
        settings.profile().ifPresent(chain::profileName);
        return chain.build();
    }

    private Region region() {
        Optional<String> named = settings.region().or(() -> ofProfile("region"));
        if (named.isPresent()) {
            return Region.of(named.get());
        }
        if (endpoint().isPresent()) {
            return ANY;
        }
        try {
            return new DefaultAwsRegionProviderChain().getRegion();
        } catch (SdkClientException e) {
            // The store tells the client where a bucket is.
            return ANY;
        }
    }
}
