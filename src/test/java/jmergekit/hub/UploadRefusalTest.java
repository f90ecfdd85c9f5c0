package jmergekit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import jmergekit.fixture.hub.Fault;
import jmergekit.fixture.hub.HubServer;
import jmergekit.fixture.hub.StoredFile;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Uploads that the hub does not take, or not in a way that makes sense.
class UploadRefusalTest extends HubCase {
    @BeforeEach
    void start() throws IOException {
        at.environment.put("HF_TOKEN", HubServer.TOKEN);
        Files.createDirectories(at.model.resolve("1_Dense"));
        Files.writeString(at.model.resolve("1_Dense/model.safetensors"), "small");
    }

    private String upload() {
        return upload(new UploadTarget(new RepoId("me/merged"), false, "main", "m"));
    }

    private String upload(UploadTarget target) {
        return at.upload(target);
    }

    @Test
    void whatTheStorageGotIsCheckedByTheHub() {
        at.server.fail("POST /api/verify", Fault.status(422));

        assertThatThrownBy(this::upload)
                .isInstanceOfSatisfying(
                        MergeException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.OUTPUT))
                .hasMessageContaining("safetensors: the server at 127.0.0.1:")
                .hasMessageContaining("HTTP 422");
        assertThat(at.server.find("me/merged").orElseThrow().files("main")).isEmpty();
    }

    @Test
    void aRefusalOfTheStorageIsTold() {
        at.server.fail(
                "POST .*/info/lfs/objects/batch",
                new Fault.Text(
                        "{\"objects\":[{\"oid\":\"%s\",\"size\":5,\"error\":{\"code\":507,\"message\":\"quota"
                                        .formatted(
                                                StoredFile.sha256(
                                                        at.model.resolve(
                                                                "1_Dense/model.safetensors")))
                                + " reached\"}}]}"));

        assertThatThrownBy(this::upload)
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("the hub's storage refuses the file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"upload\": {}}",
                "{\"upload\": {\"href\": \"file:///x\"}}",
                "{\"upload\": {\"href\": \"/x\", \"header\": {\"chunk_size\": \"x\"}}}",
                "{\"upload\": {\"href\": \"/x\", \"header\": {\"chunk_size\": \"0\", \"1\": \"/y\"}}}",
                "{\"upload\": {\"href\": \"/x\", \"header\": {\"chunk_size\": \"5\"}}}"
            })
    void instructionsThatMakeNoSenseAreRefused(String actions) throws IOException {
        Files.delete(at.model.resolve("model.safetensors"));
        String sha256 = StoredFile.sha256(at.model.resolve("1_Dense/model.safetensors"));
        at.server.fail(
                "POST .*/info/lfs/objects/batch",
                new Fault.Text(
                        "{\"objects\":[{\"oid\":\"%s\",\"size\":5,\"actions\":%s}]}"
                                .formatted(sha256, actions)));

        assertThatThrownBy(this::upload)
                .isInstanceOf(MergeException.class)
                .hasMessage(
                        "me/merged/1_Dense/model.safetensors: the hub does not say how to upload the"
                                + " file");
    }

    @Test
    void somebodyElsesNameIsRefused() {
        assertThatThrownBy(
                        () -> upload(new UploadTarget(new RepoId("others/x"), false, "main", "m")))
                .isInstanceOfSatisfying(
                        MergeException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.OUTPUT))
                .hasMessage(
                        "others/x: the hub does not allow this (found HTTP 403: You don't have the"
                                + " rights to create a model under others); your access token may lack"
                                + " the permission");
    }

    @Test
    void withoutATokenNothingIsAsked() {
        at.environment.remove("HF_TOKEN");
        at.server.forgetRequests();

        assertThatThrownBy(this::upload)
                .isInstanceOf(MergeException.class)
                .hasMessage(
                        "HF_TOKEN: uploading needs an access token with write permission; set it,"
                                + " or log in with 'hf auth login'");
        assertThat(at.server.received()).isEmpty();
    }
}
