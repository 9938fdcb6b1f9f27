"""SeaweedFS as an S3 store."""

import json
import pathlib
import sys
import urllib.error
import urllib.request

import pyarrow.fs

from local_server import LocalServer, free_ports

KEY_ID = "tester"
SECRET = "s3cr/et+key="   # all that a URI could trip over


class S3Server(LocalServer):
    bucket = "lake"
    account = None   # its program is in the clone, where nobody else may look perhaps

    def choose_ports(self):
        (self.port, self._master, self._master_grpc, self._filer, self._filer_grpc, self._volume, self._volume_grpc,
         self._s3_grpc) = free_ports(8)

    def environment(self):
        return {"AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET}

    def command(self):
        program = pathlib.Path(sys.executable).parent / "weed"
        return [program, "mini", f"-dir={self.folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-bucket={self.bucket}",
                "-admin.ui=false", "-webdav=false", "-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false",
                f"-s3.port={self.port}", f"-s3.port.grpc={self._s3_grpc}",
                f"-master.port={self._master}", f"-master.port.grpc={self._master_grpc}",
                f"-filer.port={self._filer}", f"-filer.port.grpc={self._filer_grpc}",
                f"-volume.port={self._volume}", f"-volume.port.grpc={self._volume_grpc}"]

    def ask(self):
        # It lists its bucket before it can keep a file.
        with self.files().open_output_stream(f"{self.bucket}/ready") as file:
            file.write(b"yes")
        self.files().delete_file(f"{self.bucket}/ready")

    def uploads(self):
        """Names of uploads in parts that are neither put together nor given up, as its filer keeps them."""
        folder = urllib.request.Request(f"http://127.0.0.1:{self._filer}/buckets/{self.bucket}/.uploads/", headers={"Accept": "application/json"})
        try:
            with urllib.request.urlopen(folder, timeout=10) as answer:
                return [entry["FullPath"].rpartition("/")[2] for entry in json.load(answer)["Entries"] or []]
        except urllib.error.HTTPError as error:
            assert error.code == 404   # there was none so far
            return []

    def files(self):
        """The store as pyarrow sees it."""
        return pyarrow.fs.S3FileSystem(access_key=KEY_ID, secret_key=SECRET, endpoint_override=f"127.0.0.1:{self.port}",
                                       scheme="http", region="us-east-1", connect_timeout=2, request_timeout=10)
